// What every page needs: the token on htmx requests, answers that are not pages, toasts, dialogs, menus, keys.
// Loaded first of the modules; the others use window.kc. Nothing here is needed for a form to work.

const phrases = new Map();
for (const item of document.getElementById("phrases")?.content.querySelectorAll("[data-key]") ?? []) {
  phrases.set(item.dataset.key, item.textContent);
}

/** A sentence of layout/_phrases.html in the reader's language, its {name}s filled in. */
function say(key, values = {}) {
  return (phrases.get(key) ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function csrf() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** A small element: make("button", {class: "btn", type: "button"}, "text", otherElement). */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// ---- Toasts -------------------------------------------------------------------------------------------------------

function dismissLater(toast) {
  if (toast.dataset.toast === "waiting") return;
  toast.dataset.toast = "waiting";
  // What went wrong stays until it is read; good news may go by itself.
  if (toast.getAttribute("role") !== "alert") setTimeout(() => toast.remove(), 8000);
}

function toast(text, kind = "info") {
  const close = make("button", { class: "btn btn-quiet btn-s", type: "button", "data-dismiss": "" }, say("close"));
  const box = make("div", { class: `toast toast-${kind}`, "data-toast": "" }, make("span", { class: "grow" }, text), close);
  if (kind === "error") box.setAttribute("role", "alert");
  document.getElementById("toasts")?.append(box);
  dismissLater(box);
}

document.addEventListener("kc:toast", (event) => toast(event.detail.text, event.detail.kind));

// ---- Asking first -------------------------------------------------------------------------------------------------

/** Ask in a dialog; resolves to true or false. */
function confirm(question) {
  return new Promise((resolve) => {
    const no = make("button", { class: "btn", value: "no" }, say("cancel"));
    const yes = make("button", { class: "btn btn-primary", value: "yes" }, say("confirm"));
    const text = make("p", { id: "confirm-text" }, question);
    const actions = make("div", { class: "actions" }, yes, no);
    const form = make("form", { method: "dialog", class: "stack" }, text, actions);
    const dialog = make("dialog", { class: "dialog", "aria-labelledby": "confirm-text" }, form);
    document.body.append(dialog);
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
    dialog.showModal();
    no.focus();
  });
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (!question || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    confirm(question).then((agreed) => {
      if (!agreed) return;
      form.dataset.confirmed = "yes";
      form.requestSubmit(event.submitter);
      delete form.dataset.confirmed;
    });
  },
  true,
);

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-confirm]");
  if (!link) return;
  event.preventDefault();
  confirm(link.dataset.confirm).then((agreed) => agreed && location.assign(link.href));
});

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  const { elt, question, issueRequest } = event.detail;
  confirm(question).then((agreed) => {
    if (agreed) return issueRequest(true);
    elt.removeAttribute("data-busy"); // nothing was sent: the form may be sent later
    elt.querySelector(".is-busy")?.classList.remove("is-busy");
  });
});

// ---- htmx ---------------------------------------------------------------------------------------------------------

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRF-Token"] = csrf();
});

/** Send the fields of an htmx request again as an ordinary form, so that the sign-in page carries them along. */
function sendAsPage(config) {
  const form = make("form", { method: "post", action: config.path, hidden: "" });
  for (const [name, value] of config.formData ?? Object.entries(config.parameters)) {
    if (typeof value === "string" && name !== "csrf_token") form.append(make("input", { type: "hidden", name, value }));
  }
  form.append(make("input", { type: "hidden", name: "csrf_token", value: csrf() }));
  document.body.append(form);
  window.dispatchEvent(new Event("kc:leaving"));
  form.submit();
}

document.addEventListener("htmx:afterRequest", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (xhr?.status === 401 && requestConfig.verb !== "get" && !xhr.getResponseHeader("HX-Redirect")) sendAsPage(requestConfig);
});

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  const page = new DOMParser().parseFromString(xhr.responseText ?? "", "text/html");
  const heading = page.querySelector("main h1")?.textContent.trim();
  toast(heading || (xhr.status === 413 ? say("too_large") : say("failed")), "error");
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => toast(say("no_network"), "error"));
}

// ---- Small habits -------------------------------------------------------------------------------------------------

/** Run `work` once on each element that matches now, and on whatever htmx brings later. */
function each(selector, work) {
  const met = new WeakSet(); // htmx announces the page itself too: everything would be done twice
  const meet = (element) => {
    if (met.has(element)) return;
    met.add(element);
    work(element);
  };
  const visit = (root) => {
    if (root.matches?.(selector)) meet(root);
    root.querySelectorAll?.(selector).forEach(meet);
  };
  visit(document);
  document.addEventListener("htmx:load", (event) => visit(event.detail.elt));
}

each("[data-toast]", dismissLater);
// Written open for those without scripts; on a phone it would push the list off the screen.
each("details[data-open-wide]", (details) => (details.open = matchMedia("(min-width: 60em)").matches));
each("[data-error-summary]", (summary) => summary.focus());

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".toast, .alert")?.remove();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("click", (event) => event.target.closest("[data-print]") && print());

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  event.preventDefault();
  const given = button.dataset.copy;
  // An address is copied whole; anything else (a one-time code) as it is.
  const text = !given || /^[/?#]/.test(given) ? new URL(given || location.href, location.href).href : given;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // An intranet without HTTPS has no clipboard: select a field the old way.
    const field = make("textarea", { class: "visually-hidden" }, text);
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  toast(say("copied"));
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  const typing = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
  const slash = event.key === "/" || (event.code === "Slash" && event.key === "\u0e1d"); // the same key, in Thai
  if (!slash || typing || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = [...document.querySelectorAll("[data-search-box]")].find((each) => each.offsetParent !== null);
  const link = document.querySelector(".search-link"); // where the header has no room for the box
  if (!box && !link) return;
  event.preventDefault();
  if (!box) return link.click();
  box.focus();
  box.select();
  box.dispatchEvent(new CustomEvent("kc:suggest"));
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-theme-form]")) return;
  event.preventDefault();
  const theme = event.submitter?.value ?? "";
  const body = new FormData(form);
  body.set("theme", theme);
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", button.value === theme);
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  try {
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual", headers: { "X-CSRF-Token": csrf() } });
    if (answer.status >= 400) toast(say("failed"), "error");
  } catch {
    toast(say("no_network"), "error");
  }
});

window.kc = { say, csrf, make, toast, confirm, each };
