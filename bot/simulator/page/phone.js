// One phone: its residents, the conversation, the keys and the line to write in.

import { act, addResident, loadCommands, loadPhone } from "./api.js";
import { renderBubble } from "./bubble.js";
import { createComposer } from "./composer.js";
import { alertCard, askPayload, askResident, enlarge } from "./dialogs.js";
import { h, icon, iconButton, safeUrl } from "./dom.js";
import { renderKeyboard } from "./keyboard.js";
import { choosePlace } from "./map.js";
import { createMenu } from "./menu.js";
import { createResidents } from "./residents.js";
import { t } from "./texts.js";

const TYPING = 5000;
const SPINNER = 4000;

export function createPhone(messenger, page) {
  const people = () => page.state.messengers[messenger].residents;
  let current = people().find((resident) => resident.key === page.chosen[messenger]) ?? people()[0];
  let typingUntil = 0;
  let keysShown = true;

  const chat = h("ol", { class: "chat", "aria-live": "polite", "aria-label": t("conversation"), tabIndex: 0 });
  const status = h("p", { class: "bot-status" });
  const keys = h("div", { class: "keys-place" });
  const toast = h("p", { class: "toast", role: "status", hidden: true });
  const context = {
    messenger, page, attempt,
    key: () => current.key,
    editLast: () => {
      const last = current.messages.findLast((bubble) => bubble.side === "resident" && bubble.text && !bubble.deleted);
      if (last) composer.edit(last);
    },
  };
  const composer = createComposer(context);
  const residents = createResidents(messenger, page, select, create);
  const menu = createMenu(async () => [
    ...(await loadCommands(messenger, current.key).catch(() => [])).map(({ command, description }) =>
      [`/${command} · ${description}`, () => attempt(act(messenger, current.key, "text", { text: `/${command}` }))]),
    ["restart", () => attempt(act(messenger, current.key, "restart").then(reload))],
    ["start_with", openWith],
    [current.blocked ? "unblock" : "block", () => attempt(act(messenger, current.key, current.blocked ? "unblock" : "block").then(reload))],
  ]);
  const toggleKeys = iconButton("keyboard", t("toggle_keys"), () => { keysShown = !keysShown; showKeys(); }, { class: "toggle-keys" });

  const element = h("section", { class: `phone in-${messenger}`, id: `phone-${messenger}`, "aria-label": messenger === "viber" ? "Viber" : "Telegram" },
    h("div", { class: "screen" },
      residents.element,
      h("header", { class: "chat-head" }, h("div", { class: "bot-face", "aria-hidden": "true" }, icon("place")),
        h("div", { class: "bot-title" }, h("h2", {}, t("bot_name")), status), toggleKeys, menu.element),
      h("div", { class: "chat-place" }, chat, toast), composer.element, keys));

  const actions = {
    enlarge,
    find: (id) => current.messages.find((bubble) => bubble.id === id),
    edit: (bubble) => composer.edit(bubble),
    press: (bubble, button, row, column, target) => {
      target.classList.add("waiting");
      setTimeout(() => target.classList.remove("waiting"), SPINNER);
      return press(button, { id: bubble.id, row, column });
    },
  };

  async function press(button, where) {
    const url = button.kind === "url" && safeUrl(button.url);
    if (url) window.open(url, "_blank", "noopener");
    let place = {};
    if (button.kind === "location") {
      const chosen = await choosePlace(page.state.centre, page.state.outlines);
      if (!chosen) return;
      place = { lat: chosen[0], lon: chosen[1] };
    }
    await attempt(act(messenger, current.key, "press", { ...where, ...place }));
  }

  async function attempt(request) {
    try {
      await request;
      return true;
    } catch (error) {
      say(`${t("not_sent")}: ${error.message}`);
      return false;
    }
  }

  function say(text) {
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(say.timer);
    say.timer = setTimeout(() => { toast.hidden = true; }, 4000);
  }

  async function openWith() {
    const payload = await askPayload();
    if (payload !== null) await attempt(act(messenger, current.key, "start", { payload }));
  }

  async function create() {
    const answer = await askResident();
    if (!answer) return;
    await attempt(addResident(messenger, answer.name, answer.language).then((resident) => {
      if (!people().some((known) => known.key === resident.key)) people().push(resident);
      select(resident.key);
    }));
  }

  async function reload() {
    Object.assign(current, await loadPhone(messenger, current.key));
    show();
  }

  function select(key) {
    current = people().find((resident) => resident.key === key);
    current.unread = 0;
    page.chosen[messenger] = key;
    show();
  }

  function show() {
    const shown = current.messages.filter((bubble) => !bubble.deleted && bubble.kind !== "keyboard");
    chat.replaceChildren(...(shown.length ? shown.map((bubble) => renderBubble(bubble, actions)) : [startCard()]));
    chat.scrollTop = chat.scrollHeight;
    residents.show(current.key);
    showStatus();
    showKeys();
  }

  function startCard() {
    return h("li", { class: "start-card" }, h("p", {}, t("start_hint")),
      h("button", { type: "button", class: "primary", onclick: (event) => begin(event.currentTarget) }, t("start")));
  }

  async function begin(button) {
    button.disabled = true;
    button.disabled = await attempt(act(messenger, current.key, "start"));
  }

  function showKeys() {
    const panel = keysShown && !current.blocked
      ? renderKeyboard(messenger, current.keyboard, (button, row, column) => press(button, { row, column }))
      : null;
    keys.replaceChildren(...(panel ? [panel] : []));
    toggleKeys.hidden = !current.keyboard;
    composer.element.classList.toggle("input-hidden", Boolean(current.keyboard?.input_hidden && panel));
    composer.setPlaceholder(current.keyboard?.placeholder);
  }

  function showStatus() {
    const typing = typingUntil > Date.now();
    const online = page.state.messengers[messenger].connected;
    status.textContent = current.blocked ? t("blocked") : typing ? t("typing") : t(online ? "bot_online" : "bot_absent");
    status.className = `bot-status ${typing ? "is-typing" : ""} ${online ? "is-online" : ""}`;
  }

  function receive(event) {
    const resident = people().find((known) => known.key === event.key);
    if (!resident) return page.reload();
    if (event.type === "bubble") takeBubble(resident, event);
    else if (resident === current && event.type === "typing") {
      typingUntil = Date.now() + TYPING;
      setTimeout(showStatus, TYPING + 50);
    } else if (resident === current && event.type === "answer") {
      for (const waiting of chat.querySelectorAll(".waiting")) waiting.classList.remove("waiting");
      if (event.text) event.alert ? alertCard(event.text) : say(event.text);
    }
    showStatus();
    return undefined;
  }

  function takeBubble(resident, { bubble, keyboard, blocked }) {
    const at = resident.messages.findLastIndex((known) => known.id === bubble.id);
    const fresh = at < 0;
    if (fresh) resident.messages.push(bubble);
    else resident.messages[at] = bubble;
    const keysChanged = JSON.stringify(resident.keyboard) !== JSON.stringify(keyboard) || resident.blocked !== blocked;
    Object.assign(resident, { keyboard, blocked });
    if (resident !== current) {
      if (fresh && bubble.side === "bot") resident.unread = (resident.unread ?? 0) + 1;
      residents.show(current.key);
      return;
    }
    if (bubble.side === "bot") typingUntil = 0;
    if (bubble.side === "resident" && fresh) keysShown = true;
    place(bubble, fresh);
    if (keysChanged) {
      if (keyboard) keysShown = true;
      showKeys();
    }
  }

  function place(bubble, fresh) {
    const atEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 120;
    const old = chat.querySelector(`[data-id="${CSS.escape(bubble.id)}"]`);
    if (bubble.deleted || bubble.kind === "keyboard") old?.remove();
    else if (old) old.replaceWith(renderBubble(bubble, actions));
    else if (fresh) {
      chat.querySelector(".start-card")?.remove();
      chat.append(renderBubble(bubble, actions));
    }
    if (atEnd || (fresh && bubble.side === "resident")) chat.scrollTop = chat.scrollHeight;
  }

  // Pictures grow when they load, and keys take room: stay at the end if we were there.
  chat.addEventListener("load", () => { chat.scrollTop = chat.scrollHeight; }, true);
  new ResizeObserver(() => { chat.scrollTop = chat.scrollHeight; }).observe(chat);

  function refresh() {
    current = people().find((resident) => resident.key === current.key) ?? people()[0];
    show();
  }

  show();
  return { element, receive, refresh, showStatus, focus: () => composer.focus() };
}
