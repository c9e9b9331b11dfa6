// The line one writes in, with what can be attached.

import { act, sendFile, sendPhotos } from "./api.js";
import { confirmPhotos } from "./dialogs.js";
import { h, icon, iconButton } from "./dom.js";
import { choosePlace } from "./map.js";
import { t } from "./texts.js";

const SENT_AT_ONCE = ["contact", "sticker", "voice", "video", "document"];
const LONGEST = { telegram: 4096, viber: 7000 };

// `phone` gives messenger, key(), page (centre, outlines, samples) and attempt(promise).
export function createComposer(phone) {
  const input = h("textarea", { rows: 1, maxLength: LONGEST[phone.messenger], placeholder: t("message"), "aria-label": t("message") });
  const files = h("input", { type: "file", multiple: true, hidden: true, onchange: () => pickFiles() });
  const menu = h("div", { class: "attach-menu", hidden: true });
  const attach = iconButton("attach", t("attach"), () => toggleMenu(menu.hidden), { "aria-haspopup": "true", "aria-expanded": "false" });
  const send = iconButton("send", t("send"), () => submit(), { class: "send" });
  const editing = h("div", { class: "editing", hidden: true });
  let edited = null;

  const element = h("div", { class: "composer" }, editing, menu,
    h("form", { class: "composer-line", onsubmit: (event) => { event.preventDefault(); submit(); } }, attach, input, files, send));

  menu.append(h("p", {}, t("sample_photos")),
    h("div", { class: "samples" }, phone.page.samples.map((name) =>
      h("button", { type: "button", title: t(`sample_${name}`), "aria-label": t(`sample_${name}`), onclick: () => confirmAndSend([], [name]) },
        h("img", { src: `/sim/samples/${name}.jpg`, alt: "" })))),
    item("attach", t("own_files"), () => files.click()),
    item("place", t("place"), () => sendPlace()),
    ...SENT_AT_ONCE.map((kind) => item(kind, t(kind), () => phone.attempt(act(phone.messenger, phone.key(), kind)))));

  input.addEventListener("input", fit);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    } else if (event.key === "ArrowUp" && input.value === "") {
      phone.editLast();
    } else if (event.key === "Escape" && edited) {
      stopEditing();
    }
  });
  input.addEventListener("paste", (event) => {
    const images = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
    if (images.length) confirmAndSend(images, []);
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      toggleMenu(false);
      attach.focus();
    }
  });
  document.addEventListener("pointerdown", (event) => {
    if (!menu.hidden && !element.contains(event.target)) toggleMenu(false);
  });

  function item(name, label, onclick) {
    return h("button", { type: "button", class: "attach-item", onclick: () => { toggleMenu(false); onclick(); } }, icon(name), h("span", {}, label));
  }

  function toggleMenu(show) {
    menu.hidden = !show;
    attach.setAttribute("aria-expanded", String(show));
    if (show) menu.querySelector("button")?.focus();
  }

  function fit() {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 120)}px`;
  }

  async function submit() {
    const text = input.value;
    if (!text.trim()) return;
    const target = edited;
    input.value = "";
    stopEditing();
    fit();
    const request = target
      ? act(phone.messenger, phone.key(), "edit", { id: target.id, text })
      : act(phone.messenger, phone.key(), "text", { text });
    if (!(await phone.attempt(request)) && !input.value) input.value = text;
  }

  async function pickFiles() {
    const picked = [...files.files];
    files.value = "";
    const images = picked.filter((file) => file.type.startsWith("image/"));
    if (images.length) await confirmAndSend(images, []);
    for (const file of picked) {
      if (!images.includes(file)) await phone.attempt(sendFile(phone.messenger, phone.key(), file));
    }
  }

  async function confirmAndSend(picked, samples) {
    toggleMenu(false);
    const answer = await confirmPhotos(picked, samples);
    if (answer) await phone.attempt(sendPhotos(phone.messenger, phone.key(), answer.files, answer.samples, answer.caption));
  }

  async function sendPlace() {
    const place = await choosePlace(phone.page.centre, phone.page.outlines);
    if (place) await phone.attempt(act(phone.messenger, phone.key(), "location", { lat: place[0], lon: place[1] }));
  }

  function edit(bubble) {
    edited = bubble;
    editing.replaceChildren(icon("edit"), h("div", {}, h("b", {}, t("editing")), h("span", {}, bubble.text)), iconButton("close", t("cancel"), stopEditing));
    editing.hidden = false;
    input.value = bubble.text;
    fit();
    input.focus();
  }

  function stopEditing() {
    if (edited && input.value === edited.text) input.value = "";
    edited = null;
    editing.hidden = true;
  }

  return { element, edit, focus: () => input.focus(), setPlaceholder: (text) => { input.placeholder = text || t("message"); } };
}
