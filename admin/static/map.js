// The place of an appeal among the city's districts; no tiles, so no request leaves the house.
let outlines;

const style = (own) => ({ className: own ? "district is-own" : "district", weight: own ? 2 : 1 });

export const drawMap = async () => {
  const box = document.getElementById("map");
  if (!box || !window.L || box.dataset.drawn) return;
  box.dataset.drawn = "1";
  const place = [Number(box.dataset.lat), Number(box.dataset.lon)];
  const map = L.map(box, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.5 });
  L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
  map.setView(place, 11);
  L.marker(place, {
    icon: L.divIcon({ className: "map-pin", iconSize: [28, 36], iconAnchor: [14, 35] }),
    title: box.dataset.label,
    alt: box.dataset.label,
    keyboard: false,
  }).addTo(map);
  try {
    // The language stands in the address, or the kept answer would outlive a switch.
    outlines ??= await (await fetch(`/admin/districts.json?lang=${document.documentElement.lang}`)).json();
  } catch {
    return; // the marker and the words below say where it is
  }
  let around = null;
  for (const district of outlines.districts) {
    const own = district.slug === box.dataset.district;
    const shape = L.polygon(district.polygons, style(own)).addTo(map);
    shape.bindTooltip(district.name, { permanent: true, direction: "center", className: own ? "district-name is-own" : "district-name" });
    if (own) around = shape.getBounds();
  }
  map.fitBounds(around ? around.extend(place) : L.latLngBounds([place]).pad(1), { padding: [16, 16], maxZoom: 12 });
};
