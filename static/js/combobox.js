// Suggestions under an input, by the ARIA combobox pattern. htmx (or anything) fills the list; this gives it keys.
//
//   <div class="combobox">
//     <input name="q" data-combobox="people-list" data-combobox-value="person-id" hx-get="…" hx-target="#people-list" …>
//     <input type="hidden" name="employee" id="person-id">
//     <ul class="listbox" id="people-list" role="listbox" aria-label="…"></ul>   <!-- <li role="option" data-value="7"> -->
//   </div>
//
// Choosing an option follows the link or presses the button inside it, if there is one; otherwise it writes data-text
// (or the text) into the input and data-value into #<data-combobox-value>. Either way `kc:choose` bubbles from the input
// with {value, text, option}. data-combobox-submit on the input sends the form then.
const { say, each, make } = window.kc;

function attach(input) {
  const list = document.getElementById(input.dataset.combobox);
  if (!list || input.getAttribute("role") === "combobox") return;
  const announcer = make("span", { class: "visually-hidden", role: "status" });
  const hidden = () => document.getElementById(input.dataset.comboboxValue ?? "");
  const options = () => [...list.querySelectorAll('[role="option"]')];
  let active = -1;

  input.after(announcer);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, autocomplete: "off" })) {
    input.setAttribute(name, value);
  }

  function mark(index) {
    const all = options();
    active = all.length ? (index + all.length) % all.length : -1;
    all.forEach((option, n) => {
      option.id ||= `${list.id}-${n}`;
      option.setAttribute("aria-selected", n === active);
    });
    if (active < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", all[active].id);
    all[active].scrollIntoView({ block: "nearest" });
  }

  function show(open) {
    const any = options().length > 0;
    list.hidden = !(open && any);
    input.setAttribute("aria-expanded", String(open && any));
    if (!open || !any) {
      active = -1;
      input.removeAttribute("aria-activedescendant");
    }
  }

  function choose(option) {
    const text = option.dataset.text ?? option.textContent.trim();
    const value = option.dataset.value ?? text;
    const inner = option.querySelector("a[href], button");
    show(false);
    input.dispatchEvent(new CustomEvent("kc:choose", { bubbles: true, detail: { value, text, option } }));
    if (inner) return inner.click();
    input.value = text;
    const field = hidden();
    if (field) field.value = value;
    if (input.hasAttribute("data-combobox-submit")) input.form?.requestSubmit();
  }

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !list.hidden && options().length > 0;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!open) show(true);
      if (!options().length) return;
      event.preventDefault();
      mark(event.key === "ArrowDown" ? active + 1 : active < 0 ? -1 : active - 1);
    } else if (event.key === "Enter" && open && active >= 0) {
      event.preventDefault();
      choose(options()[active]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      show(false);
    } else if (event.key === "Tab") {
      show(false);
    }
  });
  input.addEventListener("input", () => {
    const field = hidden();
    if (field) field.value = "";
    if (!input.value.trim()) show(false);
  });
  input.addEventListener("focus", () => input.value.trim() && show(true));
  input.addEventListener("blur", () => setTimeout(() => show(false), 150));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option && !event.target.closest("a[href], button")) choose(option);
  });
  new MutationObserver(() => {
    const here = document.activeElement === input;
    active = -1;
    input.removeAttribute("aria-activedescendant");
    show(here);
    if (here) announcer.textContent = say("results", { n: options().length });
  }).observe(list, { childList: true });
  show(false);
}

each("[data-combobox]", attach);
