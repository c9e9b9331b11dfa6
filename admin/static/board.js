// The board on the wall: renews itself, says since when it can't, and needs nobody to touch it.
import { countDown } from "./countdown.js";

const EVERY = 10000; // milliseconds
const board = document.querySelector("[data-board]");
const stale = board.querySelector(".board-stale");
const clock = board.querySelector(".board-clock");
const time = new Intl.DateTimeFormat(document.documentElement.lang, {
  hour: "2-digit",
  minute: "2-digit",
  timeZone: clock.dataset.zone,
});
let map;
let dots;

const showClock = () => {
  clock.textContent = time.format(new Date());
};

const showDots = () => {
  if (!dots) return;
  dots.clearLayers();
  for (const line of document.querySelectorAll("#board-urgent [data-lat]")) {
    const late = line.classList.contains("is-late");
    L.circleMarker([Number(line.dataset.lat), Number(line.dataset.lon)], {
      className: late ? "board-dot is-late" : "board-dot",
      radius: 9,
      weight: 3,
      interactive: false,
    }).addTo(dots);
  }
};

const drawCity = async () => {
  const box = document.getElementById("board-map");
  if (!window.L) return;
  map = L.map(box, { attributionControl: false, zoomControl: false, dragging: false, scrollWheelZoom: false, doubleClickZoom: false, boxZoom: false, keyboard: false, touchZoom: false, zoomSnap: 0.1 });
  const shapes = L.featureGroup();
  try {
    const { districts } = await (await fetch(`/admin/districts.json?lang=${box.dataset.lang}`, { headers: { "X-Poll": "1" } })).json();
    for (const district of districts) {
      const shape = L.polygon(district.polygons, { className: "board-district", weight: 1.5, interactive: false });
      shape.bindTooltip(district.name, { permanent: true, direction: "center", className: "board-district-name" });
      shapes.addLayer(shape);
    }
  } catch {
    // without outlines the dots still stand where they are
  }
  if (shapes.getLayers().length) map.fitBounds(shapes.getBounds(), { padding: [8, 8] });
  else map.setView([47.91, 33.39], 11);
  shapes.addTo(map);
  dots = L.layerGroup().addTo(map);
  showDots();
  new ResizeObserver(() => {
    map.invalidateSize();
    if (shapes.getLayers().length) map.fitBounds(shapes.getBounds(), { padding: [8, 8] });
  }).observe(box);
};

const say = (words) => {
  const at = new Date(document.getElementById("board-live").dataset.at);
  stale.textContent = words.replace("{at}", time.format(at));
  stale.hidden = false;
  board.classList.add("is-stale");
};

const renew = async () => {
  try {
    // Nobody is at work here: asked by itself, the page doesn't keep its session alive.
    const answer = await fetch(board.dataset.board, { headers: { "X-Poll": "1", "HX-Request": "true" } });
    if (answer.status === 401) return say(stale.dataset.ended);
    if (!answer.ok) return say(stale.dataset.stale);
    document.getElementById("board-live").outerHTML = await answer.text();
    stale.hidden = true;
    board.classList.remove("is-stale");
    showDots();
    return undefined;
  } catch {
    return say(stale.dataset.stale);
  }
};

showClock();
setInterval(showClock, 1000);
countDown();
drawCity();
setInterval(renew, EVERY);
addEventListener("online", renew);
