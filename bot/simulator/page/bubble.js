// One message on the screen.

import { h, icon, safeUrl } from "./dom.js";
import { currentLanguage, t } from "./texts.js";

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote", spoiler: "span" };
const ADDRESS = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/g;
const ATTACHMENTS = { sticker: "sticker", voice: "voice", video: "video", document: "document", contact: "contact" };

export function renderBubble(bubble, actions) {
  const own = bubble.side === "resident";
  const parts = [];
  if (bubble.reply_to) parts.push(quote(actions.find(bubble.reply_to)));
  if (bubble.photo) parts.push(photo(bubble, actions));
  if (bubble.place) parts.push(place(bubble));
  if (ATTACHMENTS[bubble.kind]) parts.push(attachment(bubble));
  else if (bubble.text) parts.push(h("div", { class: "words" }, formatted(bubble.text, bubble.spans)));
  parts.push(footer(bubble, own));
  const classes = ["bubble", own ? "own" : "bots", `kind-${bubble.kind}`];
  if (bubble.photo && !bubble.text) classes.push("bare");
  const body = h("div", { class: classes.join(" ") }, parts);
  if (own && bubble.text && actions.edit) {
    body.classList.add("editable");
    body.title = t("edit");
    body.addEventListener("dblclick", () => actions.edit(bubble));
  }
  const item = h("li", { class: `message ${own ? "from-resident" : "from-bot"}`, "data-id": bubble.id, "data-group": bubble.group }, body);
  if (bubble.buttons.length) item.append(inlineButtons(bubble, actions));
  return item;
}

export function formatted(text, spans) {
  if (!spans.length) return autolinked(text);
  const edges = new Set([0, text.length]);
  for (const span of spans) edges.add(span.offset).add(span.offset + span.length);
  const cuts = [...edges].filter((at) => at <= text.length).sort((a, b) => a - b);
  const nodes = [];
  for (let i = 0; i + 1 < cuts.length; i += 1) {
    const [from, to] = [cuts[i], cuts[i + 1]];
    const covering = spans.filter((span) => span.offset <= from && span.offset + span.length >= to);
    let node = covering.some((span) => span.kind === "text_link") ? [text.slice(from, to)] : autolinked(text.slice(from, to));
    for (const span of covering) node = [wrapped(span, node)];
    nodes.push(...node);
  }
  return nodes;
}

function wrapped(span, content) {
  if (span.kind === "text_link") {
    const href = safeUrl(span.url);
    return href ? h("a", { href, target: "_blank", rel: "noopener noreferrer" }, content) : h("span", {}, content);
  }
  return h(TAGS[span.kind] ?? "span", { class: `span-${span.kind}` }, content);
}

function autolinked(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    nodes.push(text.slice(end, match.index));
    nodes.push(h("a", { href: match[0], target: "_blank", rel: "noopener noreferrer" }, match[0]));
    end = match.index + match[0].length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

function quote(original) {
  const text = original ? original.text || t(original.kind === "photo" ? "photo" : "message") : "…";
  return h("div", { class: "quote" }, text.slice(0, 90));
}

function photo(bubble, actions) {
  const image = h("img", { src: bubble.photo, alt: bubble.text || t("photo"), loading: "lazy" });
  return h("button", { type: "button", class: "photo", "aria-label": t("enlarge"), onclick: () => actions.enlarge(bubble) }, image);
}

function place(bubble) {
  const [lat, lon] = bubble.place.map((degrees) => degrees.toFixed(5));
  return h("div", { class: "place" }, h("div", { class: "place-map", "aria-hidden": "true" }, icon("place")), h("span", {}, `${lat}, ${lon}`));
}

function attachment(bubble) {
  const name = bubble.kind === "sticker" ? null : bubble.file_name || bubble.text || t(bubble.kind);
  return h("div", { class: `attachment attachment-${bubble.kind}` }, icon(ATTACHMENTS[bubble.kind]), name && h("span", {}, name));
}

function footer(bubble, own) {
  const time = new Date(bubble.at * 1000).toLocaleTimeString(currentLanguage(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const parts = [];
  if (bubble.edited) parts.push(h("span", {}, t("edited")));
  parts.push(h("time", { dateTime: new Date(bubble.at * 1000).toISOString() }, time));
  if (own) parts.push(ticks(bubble.status));
  return h("div", { class: "meta" }, parts);
}

function ticks(status) {
  const two = status !== "sent";
  const mark = h("span", { class: `ticks ${status}`, role: "img", "aria-label": t(status), title: t(status) });
  mark.append(...(two ? [tick(), tick()] : [tick()]));
  return mark;
}

function tick() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 14 10");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M1 5.5 4.5 9 13 1");
  svg.append(path);
  return svg;
}

function inlineButtons(bubble, actions) {
  const rows = bubble.buttons.map((row, rowNumber) =>
    h("div", { class: "inline-row" }, row.map((button, column) =>
      h("button", {
        type: "button",
        class: `inline-button kind-${button.kind}`,
        onclick: (event) => actions.press(bubble, button, rowNumber, column, event.currentTarget),
      }, h("span", {}, button.label), button.kind === "url" && icon("link")))));
  return h("div", { class: "inline-buttons" }, rows);
}
