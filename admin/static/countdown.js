// Minutes and seconds until something happens: counted on by the page between the server's own words.
const ends = new WeakMap(); // what the server said last, and when that is over

const tick = () => {
  for (const place of document.querySelectorAll(".countdown[data-seconds]")) {
    const said = place.dataset.seconds;
    if (ends.get(place)?.said !== said) ends.set(place, { said, at: performance.now() + Number(said) * 1000 });
    const rest = Math.max(0, Math.round((ends.get(place).at - performance.now()) / 1000));
    place.textContent = `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")}`;
  }
};

export const countDown = () => {
  tick();
  setInterval(tick, 1000);
};
