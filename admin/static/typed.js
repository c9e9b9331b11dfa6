// What somebody typed outlives a lost connection: kept on this device, by appeal and action, until it is taken.
const OLD = 7 * 24 * 3600 * 1000; // milliseconds
const PREFIX = "typed:";

const kept = () => {
  try {
    return window.localStorage;
  } catch {
    return null; // forbidden by the browser: then nothing is kept
  }
};
const store = kept();

const read = (key) => {
  try {
    return JSON.parse(store.getItem(key)) ?? {};
  } catch {
    return {};
  }
};
const fields = (form) => form.querySelectorAll("textarea[name], input[type=text][name], input[type=date][name]");
const keyOf = (form) => PREFIX + form.dataset.typed;
const forms = () => document.querySelectorAll("form[data-typed]");

// What the server filled in stays: it knows what was typed last.
const restore = () => {
  for (const form of forms()) {
    const { values = {} } = read(keyOf(form));
    let any = false;
    for (const field of fields(form)) {
      if (!field.value && values[field.name]) {
        field.value = values[field.name];
        any = true;
      }
    }
    const folded = form.closest("details");
    if (any && folded && !document.querySelector(".is-invalid, .conflict")) folded.open = true;
  }
};

const tidy = (all) => {
  for (const key of Object.keys(store)) {
    if (key.startsWith(PREFIX) && (all || Date.now() - (read(key).at ?? 0) > OLD)) store.removeItem(key);
  }
};

export const keepTyped = () => {
  if (!store) return;
  tidy(false);
  restore();
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-typed]");
    if (!form) return;
    const values = Object.fromEntries([...fields(form)].filter((one) => one.value).map((one) => [one.name, one.value]));
    try {
      store.setItem(keyOf(form), JSON.stringify({ at: Date.now(), values }));
    } catch {
      // the device is full; the form itself still holds the words
    }
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const form = event.target.closest?.("form[data-typed]");
    if (form && event.detail.xhr.status < 300) store.removeItem(keyOf(form));
  });
  document.addEventListener("htmx:afterSettle", restore);
  document.addEventListener("htmx:sendError", (event) => {
    const form = event.target.closest?.("form[data-typed]");
    const note = document.getElementById("no-network");
    if (form && note) document.getElementById("toasts").replaceChildren(note.content.cloneNode(true));
  });
  // A phone may be handed on: who leaves takes their words along.
  document.querySelector("form[action='/admin/sign-out']")?.addEventListener("submit", () => tidy(true));
};
