// The city's cells coloured by how many appeals came from each; the table beside it says the same in words.
const draw = async () => {
  const box = document.getElementById("heat");
  if (!box || !window.L || box.dataset.drawn) return;
  box.dataset.drawn = "1";
  const map = L.map(box, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.25 });
  L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const shapes = new Map();
  const cells = L.featureGroup();
  for (const [id, count, rank, outline] of JSON.parse(box.dataset.cells)) {
    const shape = L.polygon(outline, { className: `heat-cell heat-${rank}`, weight: 1 });
    shape.bindTooltip(box.dataset.words.replace("#", count)).addTo(cells);
    shapes.set(id, shape);
  }
  map.fitBounds(cells.getBounds(), { padding: [12, 12], maxZoom: 14 });
  try {
    // The language stands in the address, or the kept answer would outlive a switch.
    const outlines = await (await fetch(`/admin/districts.json?lang=${document.documentElement.lang}`)).json();
    for (const district of outlines.districts) {
      L.polygon(district.polygons, { className: "district", weight: 1, interactive: false })
        .addTo(map)
        .bindTooltip(district.name, { permanent: true, direction: "center", className: "district-name" });
    }
  } catch {
    // the cells say enough without the districts
  }
  cells.addTo(map);
  wakeTable(map, shapes);
};

// A row shows its cell; one that was asked for stays in sight.
const wakeTable = (map, shapes) => {
  const table = document.getElementById("cells");
  const mark = (row, on) => shapes.get(row?.dataset.cell)?.getElement()?.classList.toggle("is-marked", on);
  const row = (event) => event.target.closest("tr[data-cell]");
  table.addEventListener("mouseover", (event) => mark(row(event), true));
  table.addEventListener("mouseout", (event) => mark(row(event), false));
  table.addEventListener("click", (event) => {
    const shape = shapes.get(row(event)?.dataset.cell);
    if (shape) map.fitBounds(shape.getBounds().pad(2));
  });
};

draw();
