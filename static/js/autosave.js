// Autosave: a form's text goes to the server as it is typed, and is never lost on the way.
//
// Contract
//   <form data-autosave="article-12" action="/knowledge/12/edit" method="post"> … <input type="hidden" name="version"> …
//     <span class="save-state" data-save-state></span>          (made at the end of the form when there is none)
//   data-autosave        the form key, unique for this person: names the local copy `kc-draft:<employee id>:<form key>`
//   data-autosave-url    where to POST (default: the form's action)
//   data-autosave-local  only the local copy is kept, nothing is sent (forms that make a new thing)
//   data-autosave-needs  the name of a field without which there is nothing to save yet
//   data-autosave-skip   on a field: leave it out. Files, passwords and the token are always left out.
// Sent: the form's fields urlencoded, `version` among them; headers X-CSRF-Token, X-Autosave: 1, Accept: application/json.
// Answers
//   200 {saved_at, version?, url?}        saved_at: text for people ("14:02") or an ISO moment. The new version goes into the
//                                         hidden field; a `url` replaces data-autosave-url (the thing exists now).
//                                         Then `kc:autosaved` bubbles from the form with the answer as detail.
//   409 {theirs, version, yours?, by?}    theirs: {field: text}, or one text when the form has one textarea. Both are shown;
//                                         the person keeps one or both; only then is anything sent again, with `version`.
//   401                                   signed out: asks to sign in again, keeps the local copy, sends nothing until reloaded
//   other 4xx {error?}                    refused: the reason is shown; tried again after the next change
//   5xx, 429, no network                  tried again after 2, 4, 8 … 60 s, at once when the network is back
// The local copy is written at every change and removed when the server has confirmed exactly that text, when the server's
// page already shows it, or when a page carries data-autosave-done="<form key>" (the answer to an ordinary submit).
// After a reload it is put back, with a notice, and saved. A form swapped by htmx is picked up by itself.
const { say, csrf, make, each } = window.kc;
const WAIT = 900;
const LONGEST_WAIT = 8000;
const TIMEOUT = 20000;
const PATIENCE = 2; // faults of the server's with one new thing, before those begun after it go past it
const KEEPALIVE_LIMIT = 60000;

const keyOf = (formKey) => `kc-draft:${document.body.dataset.employee ?? "-"}:${formKey}`;
const plain = (text) => String(text).replace(/\r\n?/g, "\n").trimEnd();
const clock = (moment) => {
  if (!/^\d{4}-\d\d-\d\dT/.test(moment)) return moment;
  const utc = /Z$|[+-]\d\d:?\d\d$/.test(moment) ? moment : `${moment}Z`;
  return new Date(utc).toLocaleTimeString("th-TH", { hour: "2-digit", minute: "2-digit" });
};

const store = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Full or forbidden: saving to the server goes on without the copy.
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      /* as above */
    }
  },
};

class Autosave {
  constructor(form) {
    this.form = form;
    this.key = keyOf(form.dataset.autosave);
    this.url = form.dataset.autosaveUrl || form.action;
    this.localOnly = form.hasAttribute("data-autosave-local");
    this.state = form.querySelector("[data-save-state]") ?? form.appendChild(make("span", { class: "save-state", "data-save-state": "" }));
    this.saved = this.read(); // what the server is known to have
    this.failures = 0; // in a row: no answer, or a fault of the server's
    this.faults = 0; // of these, the server's own
    this.refused = false; // until it is changed
    this.waiting = false; // for what was begun before it
    this.stopped = false; // signed out, or a conflict waits for the person
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("kc:saved", () => this.forget());
    form.addEventListener("reset", () => setTimeout(() => this.forget()));
    this.restore();
  }

  // ---- fields ----

  fields() {
    return [...this.form.elements].filter(
      (field) =>
        field.name &&
        !["csrf_token", "version"].includes(field.name) &&
        !["file", "password", "submit", "button", "image", "reset"].includes(field.type) &&
        !field.hasAttribute("data-autosave-skip"),
    );
  }

  get versionField() {
    return this.form.elements.namedItem("version");
  }

  read() {
    const values = {};
    for (const field of this.fields()) {
      const list = (values[field.name] ??= []);
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.checked) list.push(field.value);
      } else if (field.type === "select-multiple") {
        list.push(...[...field.selectedOptions].map((option) => option.value));
      } else list.push(plain(field.value));
    }
    return values;
  }

  fill(values) {
    const left = Object.fromEntries(Object.entries(values).map(([name, list]) => [name, [...[list].flat()]]));
    for (const field of this.fields()) {
      const list = left[field.name];
      if (!list) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = list.includes(field.value);
      else if (field.type === "select-multiple") for (const option of field.options) option.selected = list.includes(option.value);
      else field.value = list.shift() ?? "";
      if (field.matches("[data-autogrow]")) field.dispatchEvent(new Event("input"));
    }
  }

  get isBlank() {
    const needed = this.form.dataset.autosaveNeeds;
    return Boolean(needed) && !this.form.elements.namedItem(needed)?.value.trim();
  }

  isSaved(values = this.read()) {
    return JSON.stringify(values) === JSON.stringify(this.saved);
  }

  // ---- the local copy ----

  restore() {
    const copy = store.read(this.key);
    if (!copy?.fields) return;
    if (JSON.stringify(copy.fields) === JSON.stringify(this.saved)) return store.remove(this.key);
    this.fill(copy.fields);
    if (this.isSaved()) return store.remove(this.key); // only fields that this page no longer has
    // With the version it was typed on: if somebody saved since, the server will say so and both are shown.
    if (copy.version && this.versionField) this.versionField.value = copy.version;
    this.notice(copy);
    this.show("unsaved");
    if (!this.localOnly) this.schedule(300);
  }

  notice(copy) {
    const discard = make("button", { type: "button", class: "btn btn-s" }, say("discard"));
    const when = new Date(copy.at).toLocaleString("th-TH", { dateStyle: "medium", timeStyle: "short" });
    const text = make("div", {}, make("p", { class: "alert-title" }, say("restored")), make("p", { class: "small" }, when), discard);
    const box = make("div", { class: "alert alert-warn", role: "status", "data-restored": "" }, text);
    discard.addEventListener("click", () => {
      store.remove(this.key);
      window.dispatchEvent(new Event("kc:leaving"));
      location.reload();
    });
    this.noticeBox = box;
    this.form.prepend(box);
  }

  keep() {
    store.write(this.key, { fields: this.read(), version: this.versionField?.value ?? null, at: Date.now() });
  }

  forget() {
    clearTimeout(this.timer);
    this.saved = this.read();
    store.remove(this.key);
  }

  // ---- sending ----

  changed() {
    if (this.isBlank) return clearTimeout(this.timer);
    if (this.isSaved()) {
      if (!this.sending && !this.stopped) store.remove(this.key);
      return;
    }
    this.keep();
    this.refused = false;
    if (this.stopped) return;
    if (!this.failures) this.show("unsaved");
    if (!this.localOnly) this.schedule(WAIT);
  }

  schedule(wait) {
    clearTimeout(this.timer);
    this.since ??= Date.now();
    const left = Math.max(0, LONGEST_WAIT - (Date.now() - this.since));
    this.timer = setTimeout(() => this.send(), this.failures ? wait : Math.min(wait, left));
  }

  retry() {
    this.failures += 1;
    this.schedule(Math.min(2 ** this.failures, 60) * 1000);
  }

  /** New and not there yet. One that was refused, or that an answering server does not take, holds up nobody. */
  get isArriving() {
    if (this.versionField?.value !== "0" || this.stopped || this.localOnly || !this.form.isConnected) return false;
    return this.sending || !(this.isBlank || this.refused || this.faults > PATIENCE || this.isSaved());
  }

  /** What was begun first arrives first, one after another: notes keep the order in which they were written. */
  mustWait() {
    if (this.versionField?.value !== "0") return false;
    for (const each of running.values()) {
      if (each === this) return false;
      if (each.isArriving) return true;
    }
    return false;
  }

  async send({ keepalive = false } = {}) {
    clearTimeout(this.timer);
    if (this.stopped || this.localOnly || this.sending || this.isBlank || !this.form.isConnected) return;
    const values = this.read();
    if (this.isSaved(values)) return;
    this.waiting = !keepalive && this.mustWait();
    if (this.waiting) {
      this.timer = setTimeout(() => this.send(), WAIT);
      return;
    }
    this.sending = true;
    this.since = null;
    if (!this.failures) this.show("saving");
    const body = new URLSearchParams();
    for (const [name, list] of Object.entries(values)) for (const value of list) body.append(name, value);
    if (this.versionField) body.append("version", this.versionField.value);
    let answer = null;
    try {
      answer = await fetch(this.url, {
        method: "POST",
        body,
        credentials: "same-origin",
        keepalive: keepalive && String(body).length < KEEPALIVE_LIMIT,
        redirect: "manual",
        signal: AbortSignal.timeout?.(TIMEOUT),
        headers: { "X-CSRF-Token": csrf(), "X-Autosave": "1", Accept: "application/json" },
      });
    } catch {
      // No network, or no answer in time: the same to the person.
    }
    this.sending = false;
    await this.take(answer, values);
    running.forEach((each) => each.waiting && each.send());
  }

  async take(answer, values) {
    if (!answer) {
      this.show("offline");
      return this.retry();
    }
    const json = await answer.json().catch(() => null);
    if (answer.ok && json?.saved_at) return this.confirmed(json, values);
    if (answer.status === 401) return this.signedOut();
    if (answer.status === 409 && json) return this.conflict(json);
    // Nothing counts as saved without the server's word: a strange answer is a failure.
    if (answer.ok || answer.type === "opaqueredirect" || answer.status >= 500 || answer.status === 429) {
      this.show("server");
      this.faults += 1;
      return this.retry();
    }
    this.failures = this.faults = 0;
    this.refused = true;
    this.show("rejected", json?.error);
  }

  confirmed(json, values) {
    this.failures = this.faults = 0;
    this.saved = values;
    if (json.url) this.url = json.url;
    if (json.version && this.versionField) this.versionField.value = json.version;
    this.noticeBox?.remove();
    this.form.dispatchEvent(new CustomEvent("kc:autosaved", { bubbles: true, detail: json }));
    if (this.isSaved()) {
      store.remove(this.key);
      return this.show("saved", `${say("saved")} ${clock(json.saved_at)}`);
    }
    this.keep(); // typed on while this was under way
    this.schedule(WAIT);
  }

  signedOut() {
    this.stopped = true;
    this.show("auth", "");
    const next = encodeURIComponent(location.pathname + location.search);
    this.state.replaceChildren(make("a", { href: `/login?next=${next}` }, say("signin")));
  }

  // ---- two people, one text ----

  conflict(json) {
    this.stopped = true;
    this.show("conflict");
    const theirs = typeof json.theirs === "string" ? { [this.form.querySelector("textarea").name]: json.theirs } : json.theirs;
    const mine = this.read();
    const differing = this.differing(mine, theirs);
    const box = make("section", { class: "card", "data-conflict": "", tabindex: "-1" });
    box.append(make("h2", {}, say("conflict")), make("p", {}, say("conflict_help")));
    for (const name of differing) box.append(this.sideBySide(name, mine[name].join("\n"), [theirs[name]].flat().join("\n"), json.by));
    const resolve = (fields) => this.resolve(box, fields, json.version);
    const both = Object.fromEntries(differing.map((name) => [name, `${mine[name].join("\n")}\n\n${[theirs[name]].flat().join("\n")}`]));
    const texts = Object.fromEntries(Object.entries(both).filter(([name]) => this.form.querySelector(`textarea[name="${CSS.escape(name)}"]`)));
    box.append(
      make(
        "div",
        { class: "actions" },
        this.button("btn btn-primary", say("keep_mine"), () => resolve({})),
        this.button("btn", say("take_theirs"), () => resolve(theirs)),
        ...(Object.keys(texts).length ? [this.button("btn", say("keep_both"), () => resolve(texts))] : []),
      ),
    );
    this.noticeBox?.remove();
    this.form.prepend(box);
    box.focus();
    if (!differing.length) resolve({}); // the same words: only the version had moved on
  }

  differing(mine, theirs) {
    return Object.keys(theirs).filter((name) => mine[name] && mine[name].join("\n") !== [theirs[name]].flat().map(plain).join("\n"));
  }

  sideBySide(name, mine, theirs, by) {
    const label = this.form.querySelector(`label[for="${CSS.escape(this.form.elements[name]?.id ?? "")}"]`)?.textContent.trim();
    const column = (title, text) => make("div", {}, make("h4", {}, title), make("pre", { tabindex: "0" }, text));
    const whose = by ? `${say("theirs")} · ${by}` : say("theirs");
    return make("div", {}, ...(label ? [make("h3", {}, label)] : []), make("div", { class: "versions" }, column(say("mine"), mine), column(whose, theirs)));
  }

  button(cls, text, work) {
    const button = make("button", { type: "button", class: cls }, text);
    button.addEventListener("click", work);
    return button;
  }

  resolve(box, fields, version) {
    box.remove();
    this.fill(fields);
    if (version && this.versionField) this.versionField.value = version;
    this.stopped = false;
    this.failures = 0;
    this.saved = null; // whatever is there now is to be confirmed once
    this.keep();
    this.send();
    this.fields().find((field) => field.tagName === "TEXTAREA")?.focus();
  }

  // ---- what the person sees ----

  show(state, text) {
    const states = { server: "error", rejected: "error" };
    this.state.dataset.state = states[state] ?? state;
    // Good news is not read out each time; trouble is.
    this.state.setAttribute("aria-live", ["saved", "saving", "unsaved"].includes(state) ? "off" : "polite");
    this.state.textContent = text ?? say(state);
  }
}

const running = new Map();

for (const done of document.querySelectorAll("[data-autosave-done]")) store.remove(keyOf(done.dataset.autosaveDone));
each("form[data-autosave]", (form) => {
  if (!running.has(form)) running.set(form, new Autosave(form));
});

addEventListener("online", () => running.forEach((each) => each.send()));
// One answer means that the server is back: nobody waits out their pause.
document.addEventListener("kc:autosaved", () => running.forEach((each) => each.failures && each.send()));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") running.forEach((each) => each.send({ keepalive: true }));
});
document.addEventListener("submit", (event) => {
  // An ordinary submit takes over; the local copy stays until the next page shows that it arrived.
  const autosave = running.get(event.target);
  if (autosave) clearTimeout(autosave.timer);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const autosave = running.get(event.target);
  if (autosave && event.detail.successful) autosave.forget();
});
document.addEventListener("htmx:afterSettle", () => {
  for (const form of running.keys()) if (!form.isConnected) running.delete(form);
});
addEventListener("beforeunload", (event) => {
  const unsaved = [...running.values()].some((each) => each.form.isConnected && !each.localOnly && each.failures && !each.isSaved());
  if (unsaved && !leaving) event.preventDefault();
});
let leaving = false;
addEventListener("kc:leaving", () => (leaving = true));
document.addEventListener("submit", (event) => (leaving ||= !event.defaultPrevented));

window.kcAutosave = (form) => running.get(form);
