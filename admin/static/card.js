// One appeal: its actions by a key or a link, its number and address to copy, its printed page.
const COPIED = 2000; // milliseconds for which the button says so

const unfold = (action, first) => {
  if (!action) return;
  action.open = true;
  const field = (first && action.querySelector(first)) ?? action.querySelector("form:last-of-type :is(textarea, select:not([name=template]), input:not([type=hidden]), button)");
  (field ?? action.querySelector("summary")).focus();
  action.scrollIntoView({ block: "nearest" });
};

const act = (verb) => unfold(document.getElementById(`do-${verb}`));
// What the machine would do is under the finger at once: Enter takes it.
const next = () => unfold(document.querySelector(".action"), "button.guess");
// On through the list from which it was opened, as the list itself is walked.
const go = (rel) => document.querySelector(`.case-steps a[rel=${rel}]`)?.click();
const guess = (nth) => document.querySelectorAll("button.guess")[nth]?.click();

// The same letters stand beside the actions (admin/views/card.py); Enter is only the page's own, see below.
export const cardKeys = () =>
  document.getElementById("card")
    ? { a: next, 1: () => guess(0), 2: () => guess(1), 3: () => guess(2), r: () => act("tell"), c: () => act("categorise"), n: () => act("note"), j: () => go("next"), k: () => go("prev") }
    : {};

const linked = (hash) => {
  if (/^#do-\w+$/.test(hash)) unfold(document.getElementById(hash.slice(1)));
};

const copy = async (text) => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.body.appendChild(document.createElement("textarea")); // where the address isn't https
  field.value = text;
  field.select();
  document.execCommand("copy");
  field.remove();
};

const onClick = async (event) => {
  const target = event.target.closest("[data-copy], [data-print], a[href^='#do-']");
  if (!target) return;
  if (target.hasAttribute("data-print")) print();
  else if (target.matches("a")) {
    event.preventDefault();
    linked(target.getAttribute("href"));
  } else {
    const { copy: text, copied } = target.dataset;
    await copy(text.startsWith("/") ? location.origin + text : text);
    const words = target.textContent;
    if (words === copied) return;
    target.textContent = copied;
    setTimeout(() => (target.textContent = words), COPIED);
  }
};

const onEnter = (event) => {
  const idle = document.activeElement === document.body && !document.querySelector("dialog[open]");
  if (event.key !== "Enter" || !idle || !document.getElementById("card")) return;
  event.preventDefault();
  cardKeys().a();
};

// Buttons that only a script can serve come into sight with it, after each drawing anew, too.
export const wakeCard = () => {
  for (const button of document.querySelectorAll("[data-copy][hidden], [data-print][hidden]")) button.hidden = false;
};

document.addEventListener("click", onClick);
document.addEventListener("keydown", onEnter);
addEventListener("hashchange", () => linked(location.hash));
wakeCard();
linked(location.hash);
