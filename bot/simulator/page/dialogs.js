// Small windows: an enlarged photo, photos about to be sent, a new resident, an opening code, an alert.

import { closeSoon, h, iconButton, modal } from "./dom.js";
import { t } from "./texts.js";

export function enlarge(bubble) {
  const dialog = modal("modal-photo", t("photo"),
    h("img", { src: bubble.photo, alt: bubble.text || t("photo") }),
    iconButton("close", t("close"), () => dialog.close(), { class: "over-photo" }));
}

export function alertCard(text) {
  modal("modal-small", text, h("form", { method: "dialog" }, h("p", { class: "alert-text" }, text),
    h("div", { class: "row-end" }, h("button", { class: "primary", autofocus: true }, t("ok")))));
}

// Resolves to the files to send and their caption, or null.
export function confirmPhotos(files, samples) {
  const addresses = files.map((file) => URL.createObjectURL(file));
  const sources = [...addresses, ...samples.map((name) => `/sim/samples/${name}.jpg`)];
  const caption = h("input", { type: "text", maxLength: 1024, placeholder: t("caption"), "aria-label": t("caption"), autofocus: true });
  return ask("modal-photos", `${t("chosen")}: ${sources.length}`, t("send"),
    [h("div", { class: "previews" }, sources.map((src) => h("img", { src, alt: t("photo") }))), caption],
    () => ({ files, samples, caption: caption.value }),
  ).finally(() => addresses.forEach((address) => URL.revokeObjectURL(address)));
}

export function askResident() {
  const name = h("input", { type: "text", required: true, maxLength: 60, autofocus: true });
  const language = h("select", {}, [["uk", "Українська"], ["en", "English"], ["ru", "Русский"]].map(([value, label]) => h("option", { value }, label)));
  return ask("modal-small", t("add_resident"), t("add"),
    [field(t("resident_name"), name), field(t("resident_language"), language)],
    () => ({ name: name.value, language: language.value }));
}

export function askPayload() {
  const payload = h("input", { type: "text", maxLength: 64, pattern: "[A-Za-z0-9_\\-]*", autofocus: true });
  return ask("modal-small", t("start_with"), t("open"), [field(t("payload"), payload)], () => payload.value);
}

function field(label, control) {
  return h("label", { class: "field" }, h("span", {}, label), control);
}

function ask(className, title, verb, content, read) {
  return new Promise((resolve) => {
    const dialog = modal(className, title,
      h("header", {}, h("h2", {}, title), iconButton("close", t("close"), () => dialog.close())),
      h("form", { method: "dialog", onsubmit: (event) => { event.preventDefault(); resolve(read()); closeSoon(dialog); } }, content,
        h("div", { class: "row-end" },
          h("button", { type: "button", onclick: () => dialog.close() }, t("cancel")),
          h("button", { type: "submit", class: "primary" }, verb))));
    dialog.addEventListener("close", () => resolve(null));
  });
}
