// The drawer of misfortunes.

import { clearFault, clearFaults, orderFault } from "./api.js";
import { h, iconButton, modal } from "./dom.js";
import { t } from "./texts.js";

const KINDS = ["down", "timeout", "bad_gateway", "server_error", "rate_limit", "lose_answers", "duplicate", "reorder", "refuse_downloads"];
const VALUES = { timeout: 20, rate_limit: 5 };
const SPANS = [["times_once", { times: 1 }], ["times_some", { times: 5 }], ["times_minute", { seconds: 60 }], ["times_always", {}]];
const ONLY_ALWAYS = new Set(["reorder"]);
const NEVER_COUNTED = new Set(["down"]);

let open = null;

export function openFaults(state) {
  const list = h("div", { class: "fault-lists" });
  const dialog = modal("modal-drawer", t("faults"),
    h("header", {}, h("h2", {}, t("faults")), iconButton("close", t("close"), () => dialog.close())),
    h("p", { class: "hint" }, t("faults_intro")), list,
    h("div", { class: "row-end" }, h("button", { type: "button", onclick: () => clearFaults() }, t("faults_clear"))));
  open = { list, state };
  dialog.addEventListener("close", () => { open = null; });
  refreshFaults();
}

export function countFaults(state) {
  return Object.values(state.faults).reduce((sum, active) => sum + Object.keys(active).length, 0);
}

export function refreshFaults() {
  if (!open) return;
  const { list, state } = open;
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.place : null;
  list.replaceChildren(...Object.keys(state.faults).map((messenger) =>
    h("section", { class: `fault-list in-${messenger}` }, h("h3", {}, messenger === "viber" ? "Viber" : "Telegram"),
      KINDS.map((kind) => fault(messenger, kind, state.faults[messenger][kind])))));
  if (focused) list.querySelector(`[data-place="${focused}"]`)?.focus();
}

function fault(messenger, kind, active) {
  const spans = SPANS.filter(([, order]) => !(ONLY_ALWAYS.has(kind) && Object.keys(order).length) && !(NEVER_COUNTED.has(kind) && order.times));
  const controls = active
    ? [h("span", { class: "fault-left" }, left(active)),
      h("button", { type: "button", class: "fault-off", "data-place": `${messenger}-${kind}-0`, onclick: () => clearFault(messenger, kind) }, t("off"))]
    : spans.map(([label, order], number) =>
      h("button", { type: "button", "data-place": `${messenger}-${kind}-${number}`, "aria-label": `${t(`fault_${kind}`)}: ${t(label)}`,
        onclick: () => orderFault(messenger, kind, { ...order, value: VALUES[kind] }) }, t(label)));
  return h("div", { class: `fault ${active ? "active" : ""}` },
    h("div", {}, h("strong", {}, t(`fault_${kind}`)), h("small", {}, t(`fault_${kind}_hint`))),
    h("div", { class: "fault-controls" }, controls));
}

function left(active) {
  if (active.times !== null) return `${t("left")}: ${active.times}`;
  if (active.seconds !== null) return `${t("left")}: ${Math.ceil(active.seconds)} ${t("seconds")}`;
  return t("times_always");
}
