// Conveniences of forms: growing text, counting, no second submit, a warning before typing is lost, Enter to send.
const { say, each } = window.kc;

// ---- Text that grows ----------------------------------------------------------------------------------------------

function grow(area) {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
}
each("textarea[data-autogrow]", (area) => {
  grow(area);
  area.addEventListener("input", () => grow(area));
});
document.fonts?.ready.then(() => document.querySelectorAll("textarea[data-autogrow]").forEach(grow));
addEventListener("resize", () => document.querySelectorAll("textarea[data-autogrow]").forEach(grow));

each("[data-count][maxlength]", (field) => {
  const left = window.kc.make("div", { class: "counter", "aria-hidden": "true" });
  const show = () => (left.textContent = `${field.value.length} / ${field.maxLength}`);
  field.after(left);
  field.addEventListener("input", show);
  show();
});

each("[data-reveal]", (button) => {
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.reveal);
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", shown);
    button.setAttribute("aria-label", say(shown ? "hide_password" : "show_password"));
  });
});

// ---- Once is enough -----------------------------------------------------------------------------------------------

function busy(form, button, on) {
  form.toggleAttribute("data-busy", on);
  button?.classList.toggle("is-busy", on);
  if (on) button?.setAttribute("aria-disabled", "true");
  else button?.removeAttribute("aria-disabled");
}
// While capturing: a second press must not reach htmx's own listener either.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.matches("[data-once]:not([data-upload])")) return;
    if (form.hasAttribute("data-busy")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    const button = event.submitter ?? form.querySelector("[type=submit]");
    form.toggleAttribute("data-busy", true); // at once: the second click may come before any timer
    // The looks after the event: the button's own value must still be sent with the form.
    setTimeout(() => form.hasAttribute("data-busy") && busy(form, button, true));
    // Never for ever: a download answers without leaving the page.
    setTimeout(() => busy(form, button, false), 15000);
  },
  true,
);
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-once]");
  if (form) setTimeout(() => busy(form, form.querySelector(".is-busy"), false));
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form[data-busy]").forEach((form) => busy(form, form.querySelector(".is-busy"), false));
});

// ---- Do not lose what was typed -----------------------------------------------------------------------------------

const dirty = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-dirty]")) dirty.add(form);
});
document.addEventListener("submit", (event) => dirty.delete(event.target));
addEventListener("kc:leaving", () => dirty.clear());
document.addEventListener("kc:autosaved", (event) => dirty.delete(event.target));
addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});

// ---- Enter sends --------------------------------------------------------------------------------------------------

document.addEventListener("keydown", (event) => {
  const area = event.target;
  if (event.key !== "Enter" || !area.matches?.("[data-submit-keys]")) return;
  if (event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  if (area.value.trim()) area.form.requestSubmit();
});
