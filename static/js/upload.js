// Several files at once, one request each, with progress; dropping files on the form's zone.
//
//   <form data-upload method="post" enctype="multipart/form-data" action="…">  {{ file_drop(form.files) }} …submit… </form>
//
// Each request carries every other field of the form and one file, with Accept: application/json. 2xx is good; otherwise
// {"error": "…"} is shown beside the file, and that file can be sent again. data-upload="now" starts as soon as files
// are picked. data-max-bytes refuses larger files before sending. When all went well: `kc:uploaded` bubbles from the
// form, then data-upload-done (an address) opens, or this page reloads; with data-upload-stay nothing more happens.
const { say, csrf, each, make } = window.kc;

function send(form, field, file, onProgress) {
  const body = new FormData(form);
  body.delete(field.name);
  body.append(field.name, file, file.name);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("X-CSRF-Token", csrf());
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => event.lengthComputable && onProgress((event.loaded / event.total) * 100);
    request.onerror = () => resolve(say("no_network"));
    request.onload = () => resolve(request.status < 400 ? "" : complaint(request));
    request.send(body);
  });
}

function complaint(request) {
  if (request.status === 413) return say("too_large");
  if (request.status === 401) return say("signin");
  try {
    return JSON.parse(request.responseText).error || say("failed");
  } catch {
    return say("failed");
  }
}

function line(list, file) {
  const state = make("span", { class: "muted small" }, say("uploading"));
  const bar = make("progress", { max: "100", value: "0", "aria-label": file.name });
  list.append(make("li", {}, make("span", { class: "anywhere" }, file.name), state, bar));
  return { state, bar };
}

async function uploadOne(form, field, list, file) {
  const { state, bar } = line(list, file);
  const limit = Number(form.dataset.maxBytes || Infinity);
  const wrong = file.size > limit ? say("too_large") : await send(form, field, file, (done) => (bar.value = done));
  state.textContent = wrong || say("uploaded");
  state.className = wrong ? "is-error small" : "muted small";
  if (wrong) bar.remove();
  else bar.value = 100;
  return !wrong;
}

async function uploadAll(form, field) {
  const list = form.querySelector("[data-upload-list]") ?? form.appendChild(make("ul", { class: "upload-list", "data-upload-list": "", "aria-live": "polite" }));
  const files = [...field.files];
  const failed = new DataTransfer();
  list.replaceChildren();
  form.toggleAttribute("data-busy", true);
  for (const file of files) if (!(await uploadOne(form, field, list, file))) failed.items.add(file);
  form.toggleAttribute("data-busy", false);
  field.files = failed.files; // what failed stays chosen: pressing the button tries it again
  form.dispatchEvent(new CustomEvent("kc:uploaded", { bubbles: true, detail: { sent: files.length - failed.files.length, failed: failed.files.length } }));
  if (failed.files.length || form.hasAttribute("data-upload-stay")) return;
  window.dispatchEvent(new Event("kc:leaving"));
  if (form.dataset.uploadDone) location.assign(form.dataset.uploadDone);
  else location.reload();
}

each("form[data-upload]", (form) => {
  const field = form.querySelector('input[type="file"]');
  if (!field) return;
  const start = () => !form.hasAttribute("data-busy") && uploadAll(form, field);
  form.addEventListener("submit", (event) => {
    if (!field.files.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    start();
  });
  field.addEventListener("change", () => form.dataset.upload === "now" && field.files.length && start());

  const zone = form.querySelector("[data-dropzone]") ?? form;
  let depth = 0; // dragenter and dragleave also fire for the zone's children
  zone.addEventListener("dragenter", () => zone.classList.toggle("is-over", ++depth > 0));
  zone.addEventListener("dragleave", () => zone.classList.toggle("is-over", --depth > 0));
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    zone.classList.remove("is-over");
    const chosen = new DataTransfer();
    for (const file of [...field.files, ...event.dataTransfer.files]) chosen.items.add(file);
    field.files = chosen.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
});
