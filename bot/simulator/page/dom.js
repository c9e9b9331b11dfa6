// Elements without markup strings: whatever residents or the bot wrote becomes text, never HTML.

const SVG = "http://www.w3.org/2000/svg";
const LEAVING = 250; // milliseconds, as long as a double click takes

const ICONS = {
  attach: "M21 11.5 12.5 20a5 5 0 0 1-7-7L14 4.5a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.8-7.8",
  send: "M3 20.5 21.5 12 3 3.5v6.6L15 12 3 13.9z",
  more: "M12 5.2v.1M12 12v.1M12 18.8v.1",
  close: "M6 6l12 12M18 6 6 18",
  photo: "M4 7h3l2-3h6l2 3h3v13H4zM12 17a4 4 0 1 0 0-8 4 4 0 0 0 0 8",
  place: "M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5",
  contact: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 21c0-4.5 3.6-7 8-7s8 2.5 8 7",
  sticker: "M20 12a8 8 0 1 0-8 8c1 0 8-7 8-8zM12 20c0-5 3-8 8-8M8.5 10v.1M14 10v.1",
  voice: "M12 15a3.5 3.5 0 0 0 3.5-3.5v-5a3.5 3.5 0 0 0-7 0v5A3.5 3.5 0 0 0 12 15M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3.5",
  video: "M3 6h12v12H3zM15 10.5 21 7v10l-6-3.5",
  document: "M6 3h8l5 5v13H6zM14 3v5h5",
  keyboard: "M3 6h18v12H3zM7 10v.1M11 10v.1M15 10v.1M8 14h8",
  link: "M9 15 15 9M8 12l-2.5 2.5a3.5 3.5 0 0 0 5 5L13 17M11 7l2.5-2.5a3.5 3.5 0 0 1 5 5L16 12",
  plus: "M12 5v14M5 12h14",
  edit: "M4 20l1-4L16 5l3 3L8 19z",
};

export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "style") Object.assign(element.style, value);
    else if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon", `icon-${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, onclick, properties = {}) {
  const element = h("button", { type: "button", title: label, "aria-label": label, onclick, ...properties }, icon(name));
  element.classList.add("icon-button");
  return element;
}

// A modal that goes away with Escape, with a click beside it, and from the document once closed.
export function modal(className, label, ...content) {
  const dialog = h("dialog", { class: `modal ${className}`, "aria-label": label }, ...content);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

// Closes an answered dialog a moment later: the second click of a double one must not fall on what lies beneath.
export function closeSoon(dialog) {
  dialog.classList.add("is-leaving");
  dialog.inert = true;
  setTimeout(() => dialog.close(), LEAVING);
}

export function safeUrl(url) {
  try {
    const parsed = new URL(url);
    return ["http:", "https:", "tel:"].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}
