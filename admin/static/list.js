// The list: what is selected on it, its keys, and that it renews itself without anybody losing their place.
const MOST = 200; // appeals that may be taken at once, as the server has it
const PICKED = "picked"; // in sessionStorage: a selection goes on through pages, filters and appeals
const UNDO = "undo";

const list = () => document.getElementById("bulk");
const boxes = () => [...document.querySelectorAll("#bulk input[name=pick]:not([type=hidden])")];
const picked = new Set(JSON.parse(sessionStorage.getItem(PICKED) ?? "[]"));
let last = null; // the box from which a range begins

const show = () => {
  sessionStorage.setItem(PICKED, JSON.stringify([...picked]));
  if (!list()) return;
  const here = boxes();
  for (const box of here) box.checked = picked.has(box.value);
  for (const sleeper of list().querySelectorAll("[data-wakes]")) sleeper.hidden = false;
  const chosen = here.filter((box) => box.checked).length;
  const all = document.getElementById("pick-all");
  all.checked = chosen > 0 && chosen === here.length;
  all.indeterminate = chosen > 0 && chosen < here.length;
  document.body.toggleAttribute("data-picked", picked.size > 0);
  const words = list().querySelector(".bulk-n");
  const elsewhere = picked.size - chosen;
  const text = words.dataset.words.replace("#", picked.size);
  const said = elsewhere ? `${text} ${words.dataset.elsewhere.replace("#", elsewhere)}` : text;
  if (words.textContent !== said) words.textContent = said;
};

const pick = (box, on) => {
  if (on && picked.size < MOST) picked.add(box.value);
  else if (!on) picked.delete(box.value);
};
const pickAll = (on) => {
  for (const box of boxes()) pick(box, on);
  show();
};
const clear = () => {
  picked.clear();
  show();
};
const range = (from, to, on) => {
  const here = boxes();
  const [first, end] = [here.indexOf(from), here.indexOf(to)].sort((a, b) => a - b);
  for (const box of here.slice(Math.max(first, 0), end + 1)) pick(box, on);
};

document.addEventListener("click", ({ target, shiftKey }) => {
  const button = target.closest("[data-pick]");
  if (button?.dataset.pick === "all") pickAll(true);
  else if (button) clear();
  else if (target.id === "pick-all") pickAll(target.checked);
  else if (target.matches("#bulk input[name=pick]")) {
    const from = shiftKey && last ? document.getElementById(last) : null;
    range(from ?? target, target, target.checked);
    last = target.id;
    show();
  }
});

// What was selected on other pages goes along.
document.addEventListener("submit", ({ target }) => {
  if (target !== list()) return;
  for (const stale of target.querySelectorAll("input[type=hidden][name=pick]")) stale.remove();
  const here = new Set(boxes().map((box) => box.value));
  for (const value of picked) {
    if (!here.has(value)) target.append(Object.assign(document.createElement("input"), { type: "hidden", name: "pick", value }));
  }
});

const row = () => document.activeElement?.closest("#queue tbody tr");
const open = (form) => {
  const link = row()?.querySelector("a.open");
  if (link) location.assign(`${link.href}#do-${form}`);
};
const act = (what, form) => {
  if (picked.size) list().requestSubmit(list().querySelector(`[name=do][value=${what}]`));
  else open(form());
};
export const listKeys = () =>
  list()
    ? {
        a: () => act("assign", () => row()?.dataset.handsOver),
        c: () => act("categorise", () => "categorise"),
        r: () => open("tell"),
        x: () => {
          const box = row()?.querySelector("input[name=pick]");
          if (!box) return;
          pick(box, !picked.has(box.value));
          last = box.id;
          show();
        },
        Escape: clear,
      }
    : {};

// Renewed, the row under the fingers, or the first in sight, stays where it was on the screen.
let place = null;
const rows = () => [...document.querySelectorAll("#queue tbody tr")];
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "queue") return;
  const all = rows();
  const held = row();
  const at = held ?? (scrollY > 0 ? all.find((each) => each.getBoundingClientRect().bottom > 60) : null);
  place = at && { id: at.id, index: all.indexOf(at), top: at.getBoundingClientRect().top, focus: held && document.activeElement.id };
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "queue") return;
  show();
  if (!place) return;
  const all = rows();
  const same = document.getElementById(place.id);
  const at = same ?? all[Math.min(place.index, all.length - 1)];
  if (place.focus && document.activeElement?.id !== place.focus) {
    (document.getElementById(place.focus) ?? at?.querySelector("a.open"))?.focus({ preventScroll: true });
  }
  if (at && scrollY > 0) scrollBy({ top: at.getBoundingClientRect().top - place.top, behavior: "instant" });
  place = null;
});

// What was just done to many may be put back from the list as well, while that is possible.
const done = document.querySelector("[data-bulk-done]");
if (done) {
  picked.clear();
  const form = done.querySelector("[data-undo]");
  if (form) {
    const until = Date.now() + form.dataset.minutes * 60_000;
    sessionStorage.setItem(UNDO, JSON.stringify({ words: form.dataset.words, token: form.elements.token.value, until }));
  } else sessionStorage.removeItem(UNDO);
}
const offer = JSON.parse(sessionStorage.getItem(UNDO) ?? "null");
const toast = document.getElementById("undo-toast");
if (toast && offer && offer.until > Date.now()) {
  const form = toast.content.firstElementChild.cloneNode(true);
  form.querySelector("[data-words]").textContent = offer.words;
  form.elements.token.value = offer.token;
  form.elements.back.value = location.pathname + location.search;
  form.querySelector("[data-dismiss]").addEventListener("click", () => sessionStorage.removeItem(UNDO));
  setTimeout(() => form.remove(), offer.until - Date.now());
  document.getElementById("toasts").append(form);
}
show();
