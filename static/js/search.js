// The search page while somebody types: arrows from the box to the hits and back, one sentence for those who listen, and
// what they stayed with is remembered. Without any of it the form works as every form does. Needs kc.js and combobox.js.
const { csrf } = window.kc;

const box = () => document.querySelector("#search-form [data-search-box]");
const hits = () => [...document.querySelectorAll("#results [data-hit]")].map((hit) => hit.querySelector("a[href]")).filter(Boolean);

// ---- arrows: focus moves to real links ----------------------------------------------------------------------------

function go(links, index) {
  links[index].focus({ preventScroll: true });
  links[index].closest("[data-hit]").scrollIntoView({ block: "nearest" });
}

document.addEventListener("kc:down", (event) => {
  const links = hits();
  if (event.target !== box() || !links.length) return;
  event.preventDefault();
  go(links, 0);
});

// The keys J and K do the same, whatever the layout, while a hit has the focus and only then.
const STEPS = { ArrowDown: 1, KeyJ: 1, ArrowUp: -1, KeyK: -1 };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
  const links = hits();
  const at = links.indexOf(document.activeElement);
  if (at < 0) return;
  const step = Object.hasOwn(STEPS, event.code) ? STEPS[event.code] : 0;
  if (!step && event.key !== "Escape") return;
  event.preventDefault();
  if (event.key === "Escape" || at + step < 0) {
    const field = box();
    field?.focus();
    return field?.setSelectionRange(field.value.length, field.value.length); // to type on
  }
  if (at + step < links.length) return go(links, at + step);
  document.querySelector('#results .pager a[rel="next"]')?.focus();
});

// ---- as one types --------------------------------------------------------------------------------------------------

// The server counts searches people settled on, not every pause between two letters.
document.addEventListener("htmx:configRequest", (event) => {
  const { elt, triggeringEvent, formData, headers } = event.detail;
  if (elt.id !== "search-form") return;
  if (triggeringEvent?.type === "input") headers["X-Search-Typing"] = "1";
  // An address to share says what is asked and nothing else.
  for (const [name, value] of [...formData]) {
    if (name !== "q" && (!value || (name === "sort" && value === "relevance"))) formData.delete(name);
  }
});

// A suggestion that does not come is no fault worth a word.
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, (event) => event.target.matches?.("[data-combobox-ask]") && event.stopImmediatePropagation(), true);
}

let told;
let remembered = "";
let settled;

function remember() {
  clearTimeout(settled);
  const text = box()?.value.trim() ?? "";
  if (text.length < 2 || text === remembered) return;
  remembered = text;
  const body = new URLSearchParams({ q: text });
  fetch("/search/recent", { method: "POST", body, keepalive: true, headers: { "X-CSRF-Token": csrf() } }).catch(() => 0);
}

document.addEventListener("htmx:afterSwap", (event) => {
  const status = document.getElementById("q-status"); // other lists have results too, but not this status
  if (!status || (event.detail.target.id !== "results" && event.target.id !== "results")) return;
  const typing = event.detail.requestConfig?.headers["X-Search-Typing"];
  clearTimeout(told);
  told = setTimeout(() => {
    const sentence = document.querySelector("#results .result-head, #results .empty-title")?.textContent.trim() ?? "";
    status.textContent = sentence;
  }, 400);
  clearTimeout(settled);
  if (typing) settled = setTimeout(remember, 2500);
  else remembered = box()?.value.trim() ?? "";
});

// A link over the results (a filter taken away, another page) may be about other words: the box says which.
document.addEventListener("htmx:pushedIntoHistory", () => {
  const field = box();
  if (field && field !== document.activeElement) field.value = new URL(location.href).searchParams.get("q") ?? "";
});

document.addEventListener("click", (event) => event.target.closest("#results [data-hit] a[href]") && remember());
