// In a note, @ and the beginning of a name or a login offer colleagues; arrows and Enter take one.
const CALLED = /(^|[\s(,;])@([\p{L}\p{N}._+-]*)$/u;
const SHOWN = 6;

let list = null; // the open list, below its textarea

const close = () => {
  list?.remove();
  list?.at.removeAttribute("aria-controls");
  list = null;
};

const fits = (option, begun) => {
  const words = `${option.value} ${option.label}`.toLowerCase().split(/\s+/);
  return words.some((word) => word.startsWith(begun));
};

const take = (login) => {
  const { at } = list;
  const before = at.value.slice(0, at.selectionStart).replace(/@[\p{L}\p{N}._+-]*$/u, `@${login} `);
  at.setRangeText(before, 0, at.selectionStart, "end");
  close();
  at.focus();
  at.dispatchEvent(new Event("input", { bubbles: true }));
};

const choose = (by) => {
  const items = [...list.children];
  const now = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
  items[now].setAttribute("aria-selected", "false");
  const next = items[(now + by + items.length) % items.length];
  next.setAttribute("aria-selected", "true");
  list.at.setAttribute("aria-activedescendant", next.id);
};

const open = (at, found) => {
  close();
  list = document.createElement("ul");
  list.className = "mentions";
  list.id = "mentions";
  list.role = "listbox";
  list.ariaLabel = at.dataset.mentionsLabel;
  list.at = at;
  found.forEach((option, index) => {
    const item = document.createElement("li");
    item.id = `mention-${index}`;
    item.role = "option";
    item.dataset.login = option.value;
    item.setAttribute("aria-selected", String(index === 0));
    item.append(option.label, Object.assign(document.createElement("small"), { textContent: `@${option.value}` }));
    list.append(item);
  });
  at.after(list);
  at.setAttribute("aria-controls", list.id);
  at.setAttribute("aria-activedescendant", "mention-0");
};

const look = (at) => {
  const begun = CALLED.exec(at.value.slice(0, at.selectionStart))?.[2].toLowerCase();
  const people = begun === undefined ? [] : [...document.getElementById(at.dataset.mentions).options];
  const found = people.filter((option) => fits(option, begun)).slice(0, SHOWN);
  if (found.length) open(at, found);
  else close();
};

const KEYS = {
  ArrowDown: () => choose(1),
  ArrowUp: () => choose(-1),
  Enter: () => take(list.querySelector("[aria-selected=true]").dataset.login),
  Tab: () => take(list.querySelector("[aria-selected=true]").dataset.login),
  Escape: close,
};

export const offerMentions = () => {
  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea[data-mentions]")) look(event.target);
  });
  // Before anybody else's keys: Escape closes the list, and not what it stands in.
  document.addEventListener("keydown", (event) => {
    if (!list || event.target !== list.at || !KEYS[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    KEYS[event.key]();
  }, true);
  document.addEventListener("mousedown", (event) => {
    const item = event.target.closest(".mentions li");
    if (item) {
      event.preventDefault();
      take(item.dataset.login);
    } else close();
  });
};
