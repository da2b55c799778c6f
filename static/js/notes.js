// Live notes of a session. Every note is a form that saves itself (autosave.js keeps, sends, retries and shows both sides of
// a conflict); this file turns one composer into as many notes as are needed, and brings in what others write.
//
//   <ol data-notes="<address of the notes>" data-session="<id>" data-cursor="<moment>">  the saved notes, <li data-key data-version>
//   <form data-composer data-autosave="note-<session>-<key>">                             the note being typed
// Enter: the composer becomes a note of the list (still saving if it must) and a fresh composer stands ready.
const { say, make } = window.kc;
const POLL = 4000;
const list = document.querySelector("[data-notes]");

/** A key nobody else has; randomUUID is missing on intranets without https. */
function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const writer = newKey(); // this open page: it never conflicts with itself
const draftPrefix = `kc-draft:${document.body.dataset.employee}:note-${list?.dataset.session}-`;
const blank = document.querySelector("[data-composer]")?.cloneNode(true);
const openForms = () => [...document.querySelectorAll("form[data-autosave^='note-']")];
const formOf = (key) => openForms().find((form) => form.elements.client_key.value === key);
const itemOf = (key) => list.querySelector(`li[data-key="${CSS.escape(key)}"]`);

/** A note's form: the composer's copy with another key. Its ids differ, so that labels keep meaning their own field. */
function noteForm(key, { kind = "point", speaker = "", text = "", version = 0 } = {}) {
  const form = blank.cloneNode(true);
  form.id = `composer-${key}`;
  form.dataset.autosave = `note-${list.dataset.session}-${key}`;
  for (const element of form.querySelectorAll("[id]")) element.id += `-${key}`;
  for (const label of form.querySelectorAll("label[for]")) label.htmlFor += `-${key}`;
  form.elements.client_key.value = key;
  form.elements.writer_key.value = writer;
  form.elements.version.value = version;
  form.elements.speaker_name.value = speaker;
  form.elements.text.defaultValue = text;
  for (const choice of form.querySelectorAll("[name=kind]")) choice.checked = choice.defaultChecked = choice.value === kind;
  return form;
}

/** Let the modules that look for forms (autosave, autogrow, no double submit) see one that this file made. */
function announce(element) {
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: element } }));
}

function asItem(form) {
  form.removeAttribute("data-composer");
  form.classList.remove("note-composer");
  form.id = `note-form-${form.elements.client_key.value}`;
  const item = make("li", { class: "note is-open", "data-key": form.elements.client_key.value });
  item.append(form);
  return item;
}

function freshComposer(after) {
  const next = noteForm(newKey(), { kind: after.querySelector("[name=kind]:checked")?.value, speaker: "" });
  next.id = "composer";
  return next;
}

/** The composer's note is finished: it moves into the list, and the next one can be typed at once. */
function finish(form) {
  const text = form.elements.text;
  if (!text.value.trim()) return text.focus();
  const next = freshComposer(form);
  const autosave = window.kcAutosave(form);
  form.after(next);
  list.append(asItem(form));
  document.getElementById("no-notes")?.remove();
  announce(next);
  next.elements.text.focus();
  next.scrollIntoView({ block: "nearest" });
  if (autosave?.isSaved()) settle(form);
  else autosave?.send();
}

/** Confirmed and no longer typed in: the form gives way to the note as the server shows it, or as it was. */
function settle(form) {
  const shown = form.savedHtml ? fragment(form.savedHtml) : form.original;
  if (shown) form.closest("li")?.replaceWith(shown);
}

function isFinished(form) {
  return !form.hasAttribute("data-composer") && !form.contains(document.activeElement) && window.kcAutosave(form)?.isSaved();
}

function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  const item = template.content.firstElementChild;
  window.htmx?.process(item);
  return item;
}

/** Editing in place: the note becomes its form again. */
function edit(link) {
  const item = link.closest("li");
  const form = noteForm(item.dataset.key, {
    kind: link.dataset.kind,
    speaker: link.dataset.speaker,
    text: item.querySelector(".note-text").textContent,
    version: item.dataset.version,
  });
  form.original = item;
  item.replaceWith(asItem(form));
  announce(form);
  form.elements.text.focus();
}

/** What an earlier visit could not send: its forms come back, autosave fills and sends them. */
function bringBackUnsent() {
  const names = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i)).filter((name) => name.startsWith(draftPrefix));
  const written = (name) => JSON.parse(localStorage.getItem(name))?.at ?? 0;
  for (const name of names.sort((one, other) => written(one) - written(other))) {
    const key = name.slice(draftPrefix.length);
    const shown = itemOf(key);
    const form = noteForm(key, { version: shown?.dataset.version ?? 0 });
    const item = asItem(form);
    if (shown) shown.replaceWith(item);
    else list.append(item);
    announce(form);
  }
}

// ---- what others write ----

function take(note) {
  if (formOf(note.key)) return; // being typed here; a difference will be shown when it is saved
  const shown = itemOf(note.key);
  if (note.deleted) return shown?.dataset.version === "deleted" ? null : shown?.remove();
  if (shown?.dataset.version === String(note.version)) return;
  if (shown?.contains(document.activeElement)) return;
  const item = fragment(note.html);
  item.classList.add("is-new");
  if (shown) shown.replaceWith(item);
  else list.append(item);
  document.getElementById("no-notes")?.remove();
  document.getElementById("notes-live").textContent = say("new_notes");
}

async function poll() {
  if (document.visibilityState === "visible") {
    try {
      const since = encodeURIComponent(list.dataset.cursor);
      const answer = await fetch(`${list.dataset.notes}changes?since=${since}`, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const { notes, cursor, parts } = await answer.json();
        notes.forEach(take);
        document.dispatchEvent(new CustomEvent("kc:parts", { detail: parts ?? {} }));
        if (cursor) list.dataset.cursor = cursor;
      }
    } catch {
      // No network: what is typed here says so itself.
    }
  }
  setTimeout(poll, POLL);
}

/** Enter, or the button: in the composer the next note begins; in an opened note its editing ends. */
function done(form) {
  if (form.hasAttribute("data-composer")) return finish(form);
  document.querySelector("[data-composer] [data-note-text]")?.focus();
  if (isFinished(form)) settle(form);
  else window.kcAutosave(form)?.send();
}

const isNote = (form) => form?.matches?.("form[data-autosave^='note-']");

function start() {
  const served = document.querySelector("[data-composer]");
  const composer = freshComposer(served);
  composer.elements.text.value = served.elements.text.value;
  served.replaceWith(composer);
  bringBackUnsent(); // before the composer is known: they were written first and arrive first
  announce(composer);
  document.addEventListener("keydown", (event) => {
    const text = event.target.closest?.("[data-note-text]");
    if (!text || event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    done(text.form);
  });
  document.addEventListener(
    "submit",
    (event) => {
      if (!isNote(event.target)) return;
      event.preventDefault();
      done(event.target);
    },
    true,
  );
  document.addEventListener("kc:autosaved", (event) => {
    event.target.savedHtml = event.detail.html;
    if (isFinished(event.target)) settle(event.target);
  });
  document.addEventListener("focusout", (event) => {
    const form = event.target.form;
    if (isNote(form)) setTimeout(() => form.isConnected && isFinished(form) && settle(form));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-edit-note]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    edit(link);
  });
  setTimeout(poll, POLL);
}

if (list && blank) start();
