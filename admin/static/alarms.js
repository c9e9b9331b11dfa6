// What rings is heard on whatever page is open: a number in the heading, a mark in the title, and a short chime
// for each new alarm, once a browser and only as long as nobody has switched it off.
import { countDown } from "./countdown.js";

const EVERY = 15000; // milliseconds
const OFF = "zvernys.chime.off";
const HEARD = "zvernys.chime.heard"; // since when the latest alarm rings for which it sounded
const title = document.title;
let audio;

const kept = (name) => {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return ""; // a browser that keeps nothing only chimes more often
  }
};
const keep = (name, value) => {
  try {
    localStorage.setItem(name, value);
  } catch {
    // as above
  }
};

const chime = () => {
  audio ??= new AudioContext();
  if (audio.state === "suspended") return; // nobody has touched this page yet: browsers allow no sound
  for (const [at, pitch] of [[0, 880], [0.22, 660], [0.6, 880], [0.82, 660]]) {
    const tone = new OscillatorNode(audio, { frequency: pitch });
    const loud = new GainNode(audio, { gain: 0 });
    const from = audio.currentTime + at;
    loud.gain.setValueAtTime(0, from);
    loud.gain.linearRampToValueAtTime(0.12, from + 0.03);
    loud.gain.linearRampToValueAtTime(0, from + 0.2);
    tone.connect(loud).connect(audio.destination);
    tone.start(from);
    tone.stop(from + 0.22);
  }
};

const show = ({ ringing, latest }) => {
  const link = document.querySelector(".top-alarm");
  const number = link.querySelector(".count");
  number.textContent = ringing;
  number.hidden = !ringing;
  link.classList.toggle("is-ringing", ringing > 0);
  document.title = ringing ? `(${ringing}) ${title}` : title;
  if (!ringing || latest <= kept(HEARD)) return;
  keep(HEARD, latest);
  if (!kept(OFF)) chime();
};

const ask = async () => {
  try {
    const answer = await fetch("/admin/alarms/count", { headers: { "X-Poll": "1" } });
    if (answer.ok) show(await answer.json());
  } catch {
    // no network: the next look may do
  }
};

const wakeSound = () => {
  const button = document.querySelector("[data-sound]");
  if (!button) return;
  const say = () => {
    button.textContent = kept(OFF) ? button.dataset.on : button.dataset.off;
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    keep(OFF, kept(OFF) ? "" : "1");
    say();
    if (!kept(OFF)) chime();
  });
  say();
};

export const listenForAlarms = () => {
  if (!document.querySelector(".top-alarm")) return;
  document.addEventListener("pointerdown", () => (audio ??= new AudioContext()).resume(), { once: true });
  wakeSound();
  countDown();
  ask();
  setInterval(ask, EVERY);
};
