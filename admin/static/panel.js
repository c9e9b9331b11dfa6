// What forms and links can't do by themselves. Every page works without it, only less comfortably.
import { listenForAlarms } from "./alarms.js";
import { cardKeys, wakeCard } from "./card.js";
import { drawMap } from "./map.js";
import { intakeKeys } from "./intake.js";
import "./export.js";
import { listKeys } from "./list.js";
import { openLightbox } from "./lightbox.js";
import { offerMentions } from "./mention.js";
import { drawOutline } from "./outline.js";
import { keepTyped } from "./typed.js";

const POLL = 5000; // milliseconds between looks at what changed

const typing = () => {
  const at = document.activeElement;
  return at && (at.isContentEditable || at.matches("textarea, select, input:not([type=checkbox], [type=radio])"));
};

// Live parts ask anew when told to; a page nobody looks at stays silent.
setInterval(() => {
  if (!document.hidden) document.body.dispatchEvent(new Event("panel:poll"));
}, POLL);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) document.body.dispatchEvent(new Event("panel:poll"));
});

// What is asked without anybody's doing is marked, so that a page left alone doesn't keep its session alive.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.triggeringEvent?.type === "panel:poll") event.detail.headers["X-Poll"] = "1";
});

// A library's own drawing (the map) survives a redraw, and so does what somebody unfolded in a polled part.
if (window.Idiomorph) {
  window.Idiomorph.defaults.callbacks.beforeNodeMorphed = (old) =>
    !(old instanceof Element && old.hasAttribute("data-keep"));
  window.Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) =>
    !(name === "open" && node.closest("[data-polled]"));
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-dismiss], [data-opens], [data-photo]");
  if (!target) {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    return;
  }
  if (target.hasAttribute("data-dismiss")) target.parentElement.remove();
  else if (target.dataset.opens) document.getElementById(target.dataset.opens).showModal();
  else if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    openLightbox(target);
  }
});
for (const dialog of document.querySelectorAll("dialog.sheet")) {
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
for (const hidden of document.querySelectorAll(":is([data-opens], [data-dismiss])[hidden]")) hidden.hidden = false;

const step = (by) => {
  const rows = [...document.querySelectorAll("#queue a.open")];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.closest("tr").contains(document.activeElement));
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))];
  next.focus({ preventScroll: true });
  next.closest("tr").scrollIntoView({ block: "nearest", behavior: "instant" });
};

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => document.getElementById("q")?.focus(),
  g: () => location.assign("/admin/"),
  i: () => document.querySelector('.top-nav a[href="/admin/intake"]')?.click(),
  "?": () => document.getElementById("help")?.showModal(),
};
const onKey = (event) => {
  if (event.key === "Escape" && typing()) document.activeElement.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || typing() || document.querySelector("dialog[open]")) return;
  const act = cardKeys()[event.key] ?? intakeKeys()[event.key] ?? listKeys()[event.key] ?? KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
};
document.addEventListener("keydown", onKey);
const early = window.early;
window.early = null; // from now on they come here
early.forEach(onKey);

// Refused: bring what is wrong into view and under the fingers.
document.body.addEventListener("htmx:afterSettle", (event) => {
  drawMap();
  wakeCard();
  const wrong = event.target.querySelector?.(".conflict, .is-invalid, .action-body > .alert-danger");
  if (wrong && event.detail.xhr?.status >= 400) {
    wrong.scrollIntoView({ block: "center" });
    if (wrong.matches(".is-invalid")) wrong.focus();
  }
});

listenForAlarms();
drawMap();
drawOutline();
keepTyped();
offerMentions();
