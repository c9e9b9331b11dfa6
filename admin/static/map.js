// The place of an appeal among the city's districts and its neighbours; no tiles, so no request leaves the house.
let outlines;
let shown; // the map that stands, with what of it changes

const style = (own) => ({ className: own ? "district is-own" : "district", weight: own ? 2 : 1 });

// The list beside the map says the same in words, and is what the map is drawn from.
const drawNear = () => {
  const lines = [...document.querySelectorAll("#near li")];
  const said = lines.map((line) => line.textContent).join("");
  if (said === shown.said) return;
  shown.said = said;
  shown.near.clearLayers();
  for (const line of lines) {
    const link = line.querySelector("a");
    const words = [link, line.querySelector(".near-what"), line.querySelector(".state")];
    L.circleMarker([Number(line.dataset.lat), Number(line.dataset.lon)], {
      className: `near is-${line.dataset.status}`,
      radius: 7,
      weight: 2,
    })
      .bindTooltip(words.map((part) => part.textContent).join(" · "))
      .on("click", () => document.querySelector(`#near a[href="${link.getAttribute("href")}"]`)?.click())
      .addTo(shown.near);
  }
};

const show = (view) => {
  const { map, place, reach, around } = shown;
  if (view === "near") map.fitBounds(L.latLng(place).toBounds(2 * reach), { maxZoom: 17 });
  else map.fitBounds(around ? around.extend(place) : L.latLngBounds([place]).pad(1), { padding: [16, 16], maxZoom: 12 });
  shown.view = view;
  wakeButton();
};

// It offers the other view; drawn anew with the page, it is asleep again.
const wakeButton = () => {
  const button = document.querySelector("[data-map-view]");
  if (!button) return;
  const other = shown.view === "near" ? "district" : "near";
  button.hidden = false;
  button.textContent = button.dataset[other];
  button.onclick = () => show(other);
};

export const drawMap = async () => {
  const box = document.getElementById("map");
  if (!box || !window.L) return;
  if (box.dataset.drawn) {
    if (shown) {
      drawNear();
      wakeButton();
    }
    return;
  }
  box.dataset.drawn = "1";
  const place = [Number(box.dataset.lat), Number(box.dataset.lon)];
  const map = L.map(box, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.5 });
  L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.setView(place, 11);
  L.marker(place, {
    icon: L.divIcon({ className: "map-pin", iconSize: [28, 30], iconAnchor: [14, 29] }),
    title: box.dataset.label,
    alt: box.dataset.label,
    keyboard: false,
    interactive: false,
  }).addTo(map);
  const reach = Number(box.dataset.reach);
  let around = null;
  try {
    // The language stands in the address, or the kept answer would outlive a switch.
    outlines ??= await (await fetch(`/admin/districts.json?lang=${document.documentElement.lang}`)).json();
  } catch {
    outlines = null; // the marker and the words below say where it is
  }
  for (const district of outlines?.districts ?? []) {
    const own = district.slug === box.dataset.district;
    const shape = L.polygon(district.polygons, { ...style(own), interactive: false }).addTo(map);
    shape.bindTooltip(district.name, { permanent: true, direction: "center", className: own ? "district-name is-own" : "district-name" });
    if (own) around = shape.getBounds();
  }
  L.circle(place, { radius: reach, className: "near-reach", weight: 1, interactive: false }).addTo(map);
  shown = { map, place, reach, around, near: L.layerGroup().addTo(map) };
  drawNear();
  show(shown.near.getLayers().length ? "near" : "district");
};
