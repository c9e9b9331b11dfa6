// One district's outline among the others, only to be looked at.
export const drawOutline = async () => {
  const box = document.getElementById("outline");
  if (!box || !window.L || box.dataset.drawn) return;
  box.dataset.drawn = "1";
  let outlines;
  try {
    outlines = await (await fetch(`/admin/districts.json?lang=${document.documentElement.lang}`)).json();
  } catch {
    return; // the page says in words what there is
  }
  const map = L.map(box, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.5 });
  L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
  map.setView([0, 0], 11);
  for (const district of outlines.districts) {
    const own = district.slug === box.dataset.district;
    const shape = L.polygon(district.polygons, { className: own ? "district is-own" : "district", weight: own ? 2 : 1 }).addTo(map);
    shape.bindTooltip(district.name, { permanent: own, direction: "center", className: own ? "district-name is-own" : "district-name" });
    if (own) map.fitBounds(shape.getBounds(), { padding: [16, 16] });
  }
};
