// The page: two phones, tabs where there is room for one, the tools above them.

import { listen, loadCounters, loadState } from "./api.js";
import { h, safeUrl } from "./dom.js";
import { countFaults, openFaults, refreshFaults } from "./faults.js";
import { createPhone } from "./phone.js";
import { switchLanguage, t, translatePage } from "./texts.js";

const NAMES = { telegram: "Telegram", viber: "Viber" };
const LOOK_FOR_BOT = 2000;

const place = document.getElementById("phones");
const tabs = document.getElementById("tabs");
const notice = document.getElementById("notice");
const page = { state: null, chosen: {}, reload, get samples() { return this.state.samples; }, get centre() { return this.state.centre; }, get outlines() { return this.state.outlines; } };
let phones = {};
let shown = "telegram";

async function reload() {
  page.state = await loadState();
  if (Object.keys(phones).length) for (const phone of Object.values(phones)) phone.refresh();
  else build();
  showFaults();
  notice.hidden = true;
}

function build() {
  translatePage();
  phones = Object.fromEntries(Object.keys(NAMES).map((messenger) => [messenger, createPhone(messenger, page)]));
  place.replaceChildren(...Object.values(phones).map((phone) => phone.element));
  const language = document.getElementById("language");
  language.textContent = t("language");
  language.setAttribute("aria-label", t("language_label"));
  language.lang = document.documentElement.lang === "uk" ? "en" : "uk";
  document.getElementById("links").replaceChildren(...Object.entries(page.state.links).flatMap(([name, url]) => {
    const href = safeUrl(url);
    return href ? [h("a", { href, target: "_blank", rel: "noopener" }, name)] : [];
  }));
  tabs.replaceChildren(...Object.entries(NAMES).map(([messenger, name]) =>
    h("button", { type: "button", role: "tab", class: `tab in-${messenger}`, "aria-controls": `phone-${messenger}`, "data-messenger": messenger, onclick: () => choose(messenger) }, name)));
  choose(shown);
}

function choose(messenger) {
  shown = messenger;
  for (const tab of tabs.children) {
    const chosen = tab.dataset.messenger === messenger;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    if (chosen) tab.classList.remove("has-news");
  }
  place.dataset.shown = messenger;
}

function showFaults() {
  const count = countFaults(page.state);
  const badge = document.getElementById("faults-count");
  badge.hidden = count === 0;
  badge.textContent = String(count);
  refreshFaults();
}

function receive(event) {
  if (!page.state) return;
  if (event.type === "faults") {
    page.state.faults = event.faults;
    showFaults();
    return;
  }
  if (event.type === "bubble" && event.bubble.side === "bot" && event.messenger !== shown) {
    tabs.querySelector(`[data-messenger="${event.messenger}"]`)?.classList.add("has-news");
  }
  phones[event.messenger]?.receive(event);
}

async function lookForBot() {
  const states = page.state?.messengers;
  if (states && Object.values(states).some((messenger) => !messenger.connected)) {
    const { connected } = await loadCounters();
    for (const [messenger, online] of Object.entries(connected)) {
      states[messenger].connected = online;
      phones[messenger].showStatus();
    }
  }
}

tabs.addEventListener("keydown", (event) => {
  if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  choose(shown === "telegram" ? "viber" : "telegram");
  tabs.querySelector('[aria-selected="true"]').focus();
});
document.getElementById("faults-button").addEventListener("click", () => openFaults(page.state));
document.getElementById("language").addEventListener("click", () => {
  switchLanguage();
  build();
  document.getElementById("language").focus();
});
setInterval(() => lookForBot().catch(() => {}), LOOK_FOR_BOT);
translatePage();
listen(receive, () => reload().catch(() => {}), () => {
  notice.textContent = t("lost");
  notice.hidden = false;
});
