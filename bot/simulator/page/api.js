// The simulator's control interface.

async function call(method, path, body) {
  const options = { method };
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  const answer = await fetch(path, options);
  if (!answer.ok) throw new Error((await answer.text()) || answer.statusText);
  return answer.json();
}

export const loadState = () => call("GET", "/sim/state");
export const loadCounters = () => call("GET", "/sim/counters");
export const loadPhone = (messenger, key) => call("GET", `/sim/${messenger}/phone?key=${encodeURIComponent(key)}`);
export const loadCommands = (messenger, key) => call("GET", `/sim/${messenger}/commands?key=${encodeURIComponent(key)}`);
export const act = (messenger, key, action, details = {}) =>
  call("POST", `/sim/${messenger}/send/${action}`, { key, ...details });
export const addResident = (messenger, name, language) =>
  call("POST", `/sim/${messenger}/residents`, { name, language });
export const orderFault = (messenger, kind, order) => call("POST", `/sim/faults/${messenger}/${kind}`, order);
export const clearFault = (messenger, kind) => call("DELETE", `/sim/faults/${messenger}/${kind}`);
export const clearFaults = () => call("DELETE", "/sim/faults");

export function sendPhotos(messenger, key, files, samples, caption) {
  const form = new FormData();
  form.append("key", key);
  form.append("caption", caption);
  for (const file of files) form.append("photo", file);
  for (const sample of samples) form.append("sample", sample);
  return call("POST", `/sim/${messenger}/send/photo`, form);
}

export function sendFile(messenger, key, file) {
  const form = new FormData();
  form.append("key", key);
  form.append("file", file);
  return call("POST", `/sim/${messenger}/send/file`, form);
}

export function listen(onevent, onready, onlost) {
  const source = new EventSource("/sim/events");
  source.addEventListener("ready", onready);
  source.addEventListener("message", (message) => onevent(JSON.parse(message.data)));
  source.addEventListener("error", onlost);
  window.addEventListener("pagehide", () => source.close());
}
