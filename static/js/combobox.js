// Suggestions under an input, by the ARIA combobox pattern. htmx (or anything) fills the list; this gives it keys.
//
//   <div class="combobox">
//     <input name="q" data-combobox="people-list" data-combobox-value="person-id" hx-get="…" hx-target="#people-list" …>
//     <input type="hidden" name="employee" id="person-id">
//     <ul class="listbox" id="people-list" role="listbox" aria-label="…"></ul>   <!-- <li role="option" data-value="7"> -->
//   </div>
//
// Choosing an option opens its data-href, if it has one; or follows the link or presses the button inside it; otherwise it
// writes data-text (or the text) into the input and data-value into #<data-combobox-value>. `kc:choose` bubbles from the
// input with {value, text, option}; data-combobox-submit on the input sends the form then.
//
// More for a search box: data-combobox-panel (id of what is shown and hidden around the list), data-combobox-status (id of
// the one live region), data-combobox-ask (open when asked: by pointer, by arrow, by the event `kc:suggest`, which htmx
// listens to as well; Escape closes, then clears). `kc:down` bubbles, and may be prevented, where the arrow leaves the
// last option or finds no list: results below may take the focus. While an input method composes, no key is taken.
const { say, each, make } = window.kc;

function attach(input) {
  const list = document.getElementById(input.dataset.combobox);
  if (!list || input.getAttribute("role") === "combobox") return;
  const panel = document.getElementById(input.dataset.comboboxPanel ?? "") ?? list;
  const status = document.getElementById(input.dataset.comboboxStatus ?? "") ?? make("span", { class: "visually-hidden", role: "status" });
  const asks = input.hasAttribute("data-combobox-ask");
  const hidden = () => document.getElementById(input.dataset.comboboxValue ?? "");
  const options = () => [...list.querySelectorAll('[role="option"]')];
  const isOpen = () => !panel.hidden && options().length > 0;
  const chosenOne = () => (isOpen() ? options()[active] : undefined);
  let active = -1;
  let wanted = false; // an answer that comes after Enter or Escape opens nothing

  if (!status.isConnected) input.after(status);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, autocomplete: "off" })) {
    input.setAttribute(name, value);
  }

  function mark(index) {
    const all = options();
    active = index >= 0 && index < all.length ? index : -1;
    all.forEach((option, n) => {
      option.id ||= `${list.id}-${n}`;
      option.setAttribute("aria-selected", n === active);
    });
    if (active < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", all[active].id);
    all[active].scrollIntoView({ block: "nearest" });
  }

  /** As high as fits between the box and the keyboard of a phone. */
  function fit() {
    const screen = window.visualViewport;
    if (!screen || panel.hidden || panel === list) return;
    const top = panel.getBoundingClientRect().top - screen.offsetTop;
    panel.style.setProperty("--room", `${Math.max(160, screen.height - top - 8)}px`);
  }

  function show(open) {
    open &&= options().length > 0;
    panel.hidden = !open;
    fit();
    input.setAttribute("aria-expanded", String(open));
    if (!open) mark(-1);
  }

  function close() {
    wanted = false;
    show(false);
  }

  function ask() {
    wanted = true;
    if (asks) input.dispatchEvent(new CustomEvent("kc:suggest"));
    else {
      show(true);
      mark(0);
    }
  }

  function choose(option) {
    const text = option.dataset.text ?? option.textContent.trim();
    const value = option.dataset.value ?? text;
    const inner = option.querySelector("a[href], button");
    close();
    input.dispatchEvent(new CustomEvent("kc:choose", { bubbles: true, detail: { value, text, option } }));
    if (option.dataset.href) return location.assign(option.dataset.href);
    if (inner) return inner.click();
    input.value = text;
    const field = hidden();
    if (field) field.value = value;
    if (input.hasAttribute("data-combobox-submit")) input.form?.requestSubmit();
  }

  /** Whether somebody below takes the arrow: then the list closes. */
  function leaveDown() {
    if (input.dispatchEvent(new CustomEvent("kc:down", { bubbles: true, cancelable: true }))) return false;
    close();
    return true;
  }

  function forget(option) {
    const index = options().indexOf(option);
    const group = option.closest('[role="group"]');
    fetch(option.dataset.forget, { method: "POST", headers: { "X-CSRF-Token": window.kc.csrf(), "HX-Request": "true" } }).catch(() => 0);
    option.remove();
    if (group && !group.querySelector('[role="option"]')) group.remove();
    status.textContent = say("forgotten");
    if (options().length) mark(Math.min(index, options().length - 1));
    else close();
  }

  const keys = {
    ArrowDown(event) {
      const last = active === options().length - 1;
      if (isOpen() && !last) mark(active + 1);
      else if (!event.altKey && (isOpen() ? last : true) && leaveDown()) return true;
      else if (isOpen()) mark(-1);
      else ask();
      return true;
    },
    ArrowUp(event) {
      if (isOpen()) mark(active < 0 ? options().length - 1 : active - 1);
      return isOpen() && !event.altKey;
    },
    Enter() {
      const chosen = chosenOne();
      if (chosen) choose(chosen);
      else close();
      return Boolean(chosen);
    },
    Escape() {
      if (isOpen()) return close(), true;
      if (!asks || !input.value) return false;
      input.value = "";
      input.dispatchEvent(new Event("input", { bubbles: true }));
      wanted = false;
      return true;
    },
    Delete() {
      const chosen = chosenOne();
      if (!chosen?.dataset.forget) return false;
      forget(chosen);
      return true;
    },
    Tab() {
      close();
      return false;
    },
  };

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || !Object.hasOwn(keys, event.key)) return;
    if (!keys[event.key](event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  input.addEventListener("input", () => {
    wanted = true;
    const field = hidden();
    if (field) field.value = "";
    if (!input.value.trim() && !asks) show(false);
  });
  input.addEventListener("kc:suggest", () => (wanted = true));
  if (asks) input.addEventListener("click", () => isOpen() || ask());
  else input.addEventListener("focus", () => input.value.trim() && ((wanted = true), show(true)));
  input.addEventListener("blur", () => setTimeout(() => panel.contains(document.activeElement) || close(), 150));
  panel.addEventListener("focusout", () => setTimeout(() => panel.contains(document.activeElement) || document.activeElement === input || close(), 150));
  panel.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest('[role="option"]');
    if (!option) return;
    if (event.target.closest("[data-forget-button]")) return forget(option);
    if (option.dataset.href && (event.ctrlKey || event.metaKey)) return window.open(option.dataset.href, "_blank", "noopener");
    if (!event.target.closest("a[href], button")) choose(option);
  });
  list.addEventListener("auxclick", (event) => {
    const href = event.button === 1 && event.target.closest("[data-href]")?.dataset.href;
    if (href) window.open(href, "_blank", "noopener");
  });
  window.visualViewport?.addEventListener("resize", fit);
  new MutationObserver((changes) => {
    if (!changes.some((change) => change.target === list)) return; // one was forgotten: not a new answer
    const here = document.activeElement === input && wanted;
    mark(-1);
    show(here);
    if (here) status.textContent = options().length ? say(asks ? "suggestions" : "results", { n: options().length }) : "";
  }).observe(list, { childList: true });
  show(false);
}

each("[data-combobox]", attach);
