// Choosing a place: the districts' outlines on a plain ground, as there is no internet for map tiles.

import { closeSoon, h, iconButton, modal } from "./dom.js";
import { currentLanguage, t } from "./texts.js";

const NAMES_FROM = 11; // further away the districts' names would lie on each other

let leaflet = null;

function loadLeaflet() {
  leaflet ??= new Promise((resolve, reject) => {
    document.head.append(
      h("link", { rel: "stylesheet", href: "/vendor/leaflet/leaflet.css" }),
      h("script", { src: "/vendor/leaflet/leaflet.js", onload: () => resolve(window.L), onerror: () => reject(new Error("leaflet")) }),
    );
  });
  return leaflet;
}

// Resolves to [latitude, longitude], or null when the resident thought better of it.
export async function choosePlace(centre, outlines) {
  const canvas = h("div", { class: "map", role: "application", "aria-label": t("map_hint") });
  const latitude = coordinate(t("latitude"), centre[0]);
  const longitude = coordinate(t("longitude"), centre[1]);
  const read = () => [Number(latitude.value), Number(longitude.value)];
  let choose;
  const chosen = new Promise((resolve) => { choose = resolve; });
  const form = h("form", { method: "dialog", class: "map-form", onsubmit: (event) => { event.preventDefault(); choose(read()); closeSoon(dialog); } },
    h("label", {}, h("span", {}, t("latitude")), latitude),
    h("label", {}, h("span", {}, t("longitude")), longitude),
    h("button", { type: "submit", class: "primary" }, t("send_place")));
  const dialog = modal("modal-map", t("map_title"),
    h("header", {}, h("h2", {}, t("map_title")), iconButton("close", t("close"), () => dialog.close())),
    h("p", { class: "hint" }, t("map_hint")), canvas, form);
  dialog.addEventListener("close", () => choose(null));
  const L = await loadLeaflet().catch(() => null);
  if (L) draw(L, canvas, centre, outlines, latitude, longitude);
  return chosen;
}

function draw(L, canvas, centre, outlines, latitude, longitude) {
  const map = L.map(canvas, { attributionControl: false, zoomSnap: 0.25 }).setView(centre, 12);
  const pin = L.marker(centre, { icon: L.divIcon({ className: "pin", iconSize: [26, 34], iconAnchor: [13, 32] }), keyboard: false, interactive: false }).addTo(map);
  if (outlines) {
    L.geoJSON(outlines, { interactive: false, className: "district", onEachFeature: label }).addTo(map);
    map.on("zoomend", () => canvas.classList.toggle("is-far", map.getZoom() < NAMES_FROM));
  } else L.gridLayer({ className: "no-tiles" }).addTo(map);
  const move = (at) => {
    pin.setLatLng(at);
    latitude.value = at.lat.toFixed(6);
    longitude.value = at.lng.toFixed(6);
  };
  map.on("click", (event) => move(event.latlng.wrap()));
  for (const field of [latitude, longitude]) {
    field.addEventListener("change", () => pin.setLatLng([Number(latitude.value), Number(longitude.value)]));
  }
}

function label(feature, layer) {
  const properties = feature.properties ?? {};
  const name = properties[currentLanguage()] ?? properties.name;
  if (name) layer.bindTooltip(h("span", {}, String(name)), { permanent: true, direction: "center", className: "district-name" });
}

function coordinate(label, value) {
  const limit = label === t("latitude") ? 90 : 180;
  return h("input", { type: "number", step: "any", min: -limit, max: limit, required: true, value: String(value) });
}
