// The photos of a group, one at a time, in a dialog: arrows step, Escape closes.
const dialog = document.getElementById("lightbox");
let group = [];
let at = 0;

const show = (index) => {
  at = (index + group.length) % group.length;
  const picture = dialog.querySelector("img");
  picture.src = group[at].href;
  picture.alt = group[at].querySelector("img")?.alt ?? "";
  for (const button of dialog.querySelectorAll(".lightbox-step")) button.hidden = group.length < 2;
};

export const openLightbox = (link) => {
  group = [...link.parentElement.querySelectorAll("[data-photo]")];
  show(group.indexOf(link));
  dialog.showModal();
};

if (dialog) {
  dialog.addEventListener("click", (event) => {
    if (event.target.closest(".is-back")) show(at - 1);
    else if (event.target.closest(".is-on")) show(at + 1);
    else if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(at - 1);
    if (event.key === "ArrowRight") show(at + 1);
  });
}
