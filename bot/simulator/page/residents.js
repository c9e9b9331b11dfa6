// Whose phone it is: a strip of people above the conversation.

import { h, icon } from "./dom.js";
import { t } from "./texts.js";

export function createResidents(messenger, page, select, create) {
  const strip = h("div", { class: "residents", role: "group", "aria-label": t("residents") });

  function show(key) {
    const focused = strip.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    strip.replaceChildren(
      ...page.state.messengers[messenger].residents.map((resident, number) => person(resident, number, resident.key === key)),
      h("button", { type: "button", class: "person person-add", title: t("add_resident"), "aria-label": t("add_resident"), onclick: create }, h("span", { class: "face" }, icon("plus"))),
    );
    if (focused) [...strip.children].find((child) => child.dataset.key === focused)?.focus();
  }

  function person(resident, number, chosen) {
    const [first, second = ""] = resident.name.split(" ");
    return h("button", {
      type: "button", class: `person ${chosen ? "chosen" : ""}`, "aria-pressed": String(chosen), "data-key": resident.key,
      title: `${resident.name} · ${resident.language}`, onclick: () => select(resident.key),
    },
    h("span", { class: `face hue-${number % 6}`, "aria-hidden": "true" }, (first[0] ?? "") + (second[0] ?? "")),
    h("span", { class: "person-name" }, first),
    h("span", { class: "person-language" }, resident.language),
    resident.unread ? h("b", { class: "unread" }, String(resident.unread)) : null);
  }

  return { element: strip, show };
}
