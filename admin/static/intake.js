// The call that is being typed: what forms can't do by themselves.
const form = document.getElementById("intake");

const choose = (radio) => {
  form.elements.category.value = radio.value;
  radio.checked = true;
};
const chooseBy = (key) => {
  const radio = form.querySelector(`[name=guess][data-key="${key}"]`);
  if (!radio) return false;
  choose(radio);
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
};

// Outside of a field a digit alone will do; in one it is Alt and the digit.
export const intakeKeys = () =>
  form ? Object.fromEntries(["1", "2", "3"].map((key) => [key, () => chooseBy(key)])) : {};

form?.addEventListener("change", ({ target }) => target.name === "guess" && choose(target));
form?.addEventListener("keydown", (event) => {
  const digit = event.altKey && /^Digit[123]$/.test(event.code) && event.code.at(-1);
  if (digit && chooseBy(digit)) event.preventDefault();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.querySelector(".intake-save button").click();
  }
});
