// The list as a file, with its progress: the server says in lines of JSON between its pieces how far it is.
const NEWLINE = 10;

async function* frames(body) {
  const reader = body.getReader();
  let held = new Uint8Array();
  const more = async () => {
    const { done, value } = await reader.read();
    if (done) return false;
    const joined = new Uint8Array(held.length + value.length);
    joined.set(held);
    joined.set(value, held.length);
    held = joined;
    return true;
  };
  for (;;) {
    let end = held.indexOf(NEWLINE);
    while (end < 0) {
      if (!(await more())) return;
      end = held.indexOf(NEWLINE);
    }
    const frame = JSON.parse(new TextDecoder().decode(held.subarray(0, end)));
    held = held.subarray(end + 1);
    while (held.length < frame.bytes) if (!(await more())) throw new Error("broken off");
    yield { ...frame, piece: held.slice(0, frame.bytes) };
    held = held.subarray(frame.bytes);
  }
}

const save = (pieces, name) => {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob(pieces)), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

const fetchFile = async (address, toast, signal) => {
  const words = toast.querySelector("[data-words]");
  const bar = toast.querySelector("progress");
  const say = (text, frame) => {
    words.textContent = text.replace("#", frame.rows).replace("#", frame.total);
  };
  say(words.dataset.words, { rows: 0, total: "…" });
  const answer = await fetch(address, { signal, headers: { "X-Progress": "1" } });
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
  const pieces = [];
  let at = { rows: 0, total: 0 };
  for await (const { piece, ...frame } of frames(answer.body)) {
    if (piece.length) pieces.push(piece);
    at = frame;
    bar.max = Math.max(frame.total, 1);
    bar.value = frame.rows;
    say(words.dataset.words, frame);
  }
  save(pieces, /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"))[1]);
  bar.max = bar.value = 1;
  say(words.dataset.fetched, at);
};

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-export]");
  const made = document.getElementById("export-toast");
  if (!link || !made || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const toast = made.content.firstElementChild.cloneNode(true);
  const stopping = new AbortController();
  toast.querySelector("[data-stop]").addEventListener("click", () => stopping.abort());
  document.getElementById("toasts").replaceChildren(toast);
  try {
    await fetchFile(link.href, toast, stopping.signal);
    setTimeout(() => toast.remove(), 8000);
  } catch {
    if (stopping.signal.aborted) toast.remove();
    else toast.querySelector("[data-words]").textContent = toast.querySelector("[data-words]").dataset.failed;
  } finally {
    toast.querySelector("[data-stop]").remove();
  }
});
