// The bot's keys below the conversation: Telegram's rows, and Viber's grid of six columns.

import { h, icon } from "./dom.js";
import { t } from "./texts.js";

export function renderKeyboard(messenger, keyboard, press) {
  if (!keyboard || !keyboard.rows.length) return null;
  const grid = messenger === "viber";
  const panel = h("div", { class: `keys ${grid ? "keys-grid" : "keys-rows"}`, role: "group", "aria-label": t("keys") });
  if (keyboard.color) panel.style.backgroundColor = keyboard.color;
  keyboard.rows.forEach((row, rowNumber) => {
    const keys = row.map((button, column) => key(button, grid, () => press(button, rowNumber, column)));
    panel.append(...(grid ? keys : [h("div", { class: "keys-row" }, keys)]));
  });
  return panel;
}

function key(button, grid, onclick) {
  const mark = { location: "place", contact: "contact", url: "link" }[button.kind];
  const element = h("button", { type: "button", class: `key kind-${button.kind}`, onclick, disabled: button.kind === "none" });
  if (mark && !/^\p{Extended_Pictographic}/u.test(button.label)) element.append(icon(mark));
  element.append(h("span", {}, button.label));
  if (grid) {
    element.style.gridColumn = `span ${button.columns}`;
    element.style.gridRow = `span ${button.rows}`;
    if (button.color) {
      element.style.backgroundColor = button.color;
      element.style.color = button.text_color ?? readable(button.color);
    } else if (button.text_color) element.style.color = button.text_color;
  }
  return element;
}

// Black or white, whichever is read more easily on this colour.
function readable(color) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  return red * 0.299 + green * 0.587 + blue * 0.114 > 150 ? "#14181c" : "#ffffff";
}
