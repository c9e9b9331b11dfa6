// The three dots of a phone.

import { h, iconButton } from "./dom.js";
import { t } from "./texts.js";

// `entries()` gives, or promises, pairs of a text key and what to do, when the menu opens.
export function createMenu(entries) {
  const list = h("div", { class: "menu-list", role: "menu", hidden: true });
  const button = iconButton("more", t("more"), () => toggle(list.hidden), { "aria-haspopup": "menu", "aria-expanded": "false" });
  const element = h("div", { class: "menu" }, button, list);

  async function toggle(show) {
    if (show) {
      const opened = await entries();
      list.replaceChildren(...opened.map(([label, action]) =>
        h("button", { type: "button", role: "menuitem", onclick: () => { toggle(false); button.focus(); action(); } }, t(label))));
    }
    list.hidden = !show;
    button.setAttribute("aria-expanded", String(show));
    if (show) list.querySelector("button").focus();
  }

  element.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const items = [...list.children];
    const at = items.indexOf(document.activeElement);
    if (event.key === "Escape") {
      toggle(false);
      button.focus();
    } else if (event.key === "ArrowDown") items[(at + 1) % items.length].focus();
    else if (event.key === "ArrowUp") items[(at + items.length - 1) % items.length].focus();
    else return;
    event.preventDefault();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!list.hidden && !element.contains(event.target)) toggle(false);
  });
  return { element };
}
