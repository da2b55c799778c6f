// Several files at once: dropped on the form's zone, chosen, or photographed; each with its progress, to be cancelled or
// tried again. How one file gets to the server stands in upload-send.js.
//
//   <form data-upload method="post" enctype="multipart/form-data" action="…">  {{ file_drop(form.files) }} …submit… </form>
//
// data-upload="now" starts as soon as files are chosen. data-max-bytes refuses larger ones before sending. data-pieces is
// the address that takes large files in pieces. When files arrived, `kc:uploaded` bubbles from the form. When all went
// well data-upload-done (an address) opens, or this page reloads; with data-upload-stay nothing more happens.
const { say, csrf, each, make, sendFile, freshToken } = window.kc;

const AT_ONCE = 2;
const TELL_AFTER = 2500; // milliseconds
const MB = 1024 * 1024;

const sizeOf = (bytes) => (bytes < MB ? `${Math.max(1, Math.round(bytes / 1024)).toLocaleString()} KB` : `${(bytes / MB).toFixed(1)} MB`);

class Uploads {
  constructor(form) {
    this.form = form;
    this.inputs = [...form.querySelectorAll('input[type="file"]')];
    this.list = form.querySelector("[data-upload-list]") ?? form.appendChild(make("ul", { class: "upload-list", "data-upload-list": "" }));
    this.status = form.querySelector("[data-upload-status]") ?? form.appendChild(make("p", { class: "visually-hidden", role: "status" }));
    this.signin = form.querySelector("[data-upload-signin]");
    this.queue = [];
    this.running = 0;
    this.good = 0;
    this.bad = 0;
    this.told = 0; // good files the page knows of
    this.list.removeAttribute("aria-live"); // how far each one is would be read out without end; the status line speaks
    this.signin?.querySelector("[data-upload-go-on]").addEventListener("click", () => this.tryToken(true));
    addEventListener("focus", () => this.signedIn && this.tryToken(false));
    addEventListener("beforeunload", (event) => this.isBusy() && event.preventDefault());
    this.showStopped();
  }

  isBusy() {
    return this.running > 0 || this.queue.length > 0;
  }

  add(files) {
    if (!this.isBusy()) {
      this.good = this.bad = this.told = 0;
      for (const line of this.list.querySelectorAll("[data-state=done]")) line.remove();
    }
    for (const file of files) this.enqueue(file, this.line(file));
    this.work();
  }

  enqueue(file, line) {
    const limit = Number(this.form.dataset.maxBytes || Infinity);
    if (file.size > limit) {
      this.ended(line, { ok: false, text: say("upload_larger", { name: file.name, mb: Math.floor(limit / MB) }) }, file);
      return;
    }
    line.stopping = new AbortController();
    this.say(line, say("upload_queued"), "queued");
    this.buttons(line, [["cancel", () => line.stopping.abort()]]);
    line.stopping.signal.addEventListener("abort", () => {
      const at = this.queue.findIndex((each) => each.line === line);
      if (at >= 0) this.queue.splice(at, 1).forEach(() => line.item.remove());
      this.settle();
    });
    this.queue.push({ file, line });
  }

  work() {
    while (this.running < AT_ONCE && this.queue.length) {
      this.running += 1;
      this.send(this.queue.shift());
    }
    this.settle();
  }

  async send({ file, line }) {
    this.say(line, say("uploading"), "sending");
    const result = await sendFile(file, {
      form: this.form,
      field: this.inputs[0],
      signal: line.stopping.signal,
      onProgress: (share) => this.progress(line, share),
      onWait: (key) => this.say(line, say(key), "waiting"),
      onSignedOut: () => this.waitForSignIn(line),
    });
    this.running -= 1;
    this.ended(line, result, file);
    this.work();
  }

  ended(line, result, file) {
    line.bar.hidden = !result.ok;
    if (result.cancelled) {
      line.item.remove();
    } else if (result.ok) {
      this.good += 1;
      clearTimeout(this.telling);
      this.telling = setTimeout(() => this.tell(), TELL_AFTER);
      line.bar.value = 100;
      this.say(line, result.notices.length ? result.notices.join(" · ") : result.text, "done");
      this.buttons(line, []);
    } else {
      this.bad += 1;
      this.say(line, result.text, "failed");
      this.buttons(line, [["retry", () => this.retry(line, file)], ["dismiss", () => line.item.remove()]]);
    }
  }

  retry(line, file) {
    this.bad -= 1;
    line.bar.hidden = false;
    line.bar.value = 0;
    this.enqueue(file, line);
    this.work();
  }

  /** Tell the page and the reader's voice, once nothing is left to do. */
  settle() {
    this.form.toggleAttribute("data-busy", this.isBusy());
    if (this.isBusy() || !(this.good + this.bad)) return;
    this.status.textContent = this.bad ? say("upload_some", { n: this.good, m: this.bad }) : say("upload_all", { n: this.good });
    if (this.good === this.told) return;
    this.tell();
    if (this.bad || this.form.hasAttribute("data-upload-stay")) return;
    dispatchEvent(new Event("kc:leaving"));
    if (this.form.dataset.uploadDone) location.assign(this.form.dataset.uploadDone);
    else location.reload();
  }

  /** The page lists what arrived, also while a large file is still on its way. */
  tell() {
    clearTimeout(this.telling);
    if (this.good === this.told) return;
    this.told = this.good;
    this.form.dispatchEvent(new CustomEvent("kc:uploaded", { bubbles: true, detail: { sent: this.good, failed: this.bad } }));
  }

  // ---- one line for each file ----

  line(file) {
    const state = make("span", { class: "upload-state" });
    const bar = make("progress", { max: "100", value: "0", "aria-label": file.name });
    const actions = make("span", { class: "upload-actions" });
    const name = make("span", { class: "upload-name" }, file.name, make("small", { class: "muted nowrap" }, ` ${sizeOf(file.size)}`));
    const item = make("li", {}, name, actions, bar, state);
    this.list.append(item);
    return { name: file.name, item, bar, state, actions };
  }

  say(line, text, state) {
    line.item.dataset.state = state;
    if (line.state.textContent !== text) line.state.textContent = text;
  }

  progress(line, share) {
    line.bar.value = Math.floor(share * 100);
    if (share >= 1) this.say(line, say("upload_checking"), "sending");
    else this.say(line, `${Math.floor(share * 100)} %`, "sending");
  }

  buttons(line, wanted) {
    const had = line.actions.contains(document.activeElement);
    const made = wanted.map(([key, work]) => {
      const button = make("button", { class: "btn btn-quiet btn-s", type: "button" }, say(key), make("span", { class: "visually-hidden" }, ` ${line.name}`));
      button.addEventListener("click", work);
      return button;
    });
    line.actions.replaceChildren(...made);
    if (had) made[0]?.focus();
  }

  // ---- the sign-in has expired ----

  waitForSignIn(line) {
    this.say(line, say("upload_signin"), "waiting");
    if (!this.signedIn) {
      this.signedIn = new Promise((resolve) => (this.goOn = resolve));
      if (this.signin) {
        this.signin.hidden = false;
        this.signin.querySelector("p").focus();
      }
    }
    const cancelled = new Promise((resolve) => line.stopping.signal.addEventListener("abort", resolve));
    return Promise.race([this.signedIn, cancelled]);
  }

  /** `asked`: the person says they are signed in; say so when they are not. */
  async tryToken(asked) {
    if (await freshToken()) {
      this.signedIn = null;
      if (this.signin) this.signin.hidden = true;
      this.goOn?.();
    } else if (asked) {
      this.signin?.querySelector("a").focus();
    }
  }

  // ---- what stopped half-way earlier ----

  async showStopped() {
    if (!this.form.dataset.pieces) return;
    let stopped = [];
    try {
      const answer = await fetch(this.form.dataset.pieces, { headers: { Accept: "application/json" } });
      stopped = answer.ok ? (await answer.json()).uploads : [];
    } catch {
      return; // it is only a reminder
    }
    for (const upload of stopped) {
      const line = this.line(upload);
      line.bar.value = Math.floor((upload.offset / upload.size) * 100);
      this.say(line, say("upload_stopped", { n: line.bar.value }), "stopped");
      this.buttons(line, [["upload_drop", () => this.drop(upload, line)]]);
      line.item.dataset.name = upload.name;
    }
  }

  async drop(upload, line) {
    const headers = { Accept: "application/json", "X-CSRF-Token": csrf() };
    const answer = await fetch(`${upload.url}/cancel`, { method: "POST", headers }).catch(() => null);
    if (answer?.ok || answer?.status === 404) line.item.remove();
    else this.say(line, say("failed"), "failed");
  }
}

each("form[data-upload]", (form) => {
  const uploads = new Uploads(form);
  const field = uploads.inputs[0];
  if (!field) return;

  const start = (input) => {
    const files = [...input.files];
    input.value = "";
    for (const file of files) form.querySelector(`[data-state=stopped][data-name="${CSS.escape(file.name)}"]`)?.remove();
    if (files.length) uploads.add(files);
  };
  form.addEventListener("submit", (event) => {
    if (!uploads.inputs.some((input) => input.files.length)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    uploads.inputs.forEach(start);
  });
  for (const input of uploads.inputs) input.addEventListener("change", () => form.dataset.upload === "now" && start(input));

  const zone = form.querySelector("[data-dropzone]") ?? form;
  let depth = 0; // dragenter and dragleave also fire for the zone's children
  zone.addEventListener("dragenter", () => zone.classList.toggle("is-over", ++depth > 0));
  zone.addEventListener("dragleave", () => zone.classList.toggle("is-over", --depth > 0));
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    zone.classList.remove("is-over");
    if (form.dataset.upload === "now") return void uploads.add([...event.dataTransfer.files]);
    const chosen = new DataTransfer();
    for (const file of [...field.files, ...event.dataTransfer.files]) chosen.items.add(file);
    field.files = chosen.files;
  });
});
