// Runs before the page is painted: light or dark, as the system is, and as it changes.
const dark = matchMedia("(prefers-color-scheme: dark)");
const apply = () => document.documentElement.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
dark.addEventListener("change", apply);
apply();

// Keys pressed before the page's own script has come are kept for it.
window.early = [];
addEventListener("keydown", (event) => {
  if (!event.target.matches?.("input, textarea, select")) window.early?.push(event);
});
