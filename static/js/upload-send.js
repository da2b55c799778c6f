// One file on its way to the server: small ones whole, large ones piece by piece (kc/web/uploads.py), so that a dropped
// connection costs a piece. A network that is gone is waited for; a sign-in that has expired, too. Nothing is sent twice
// that the server has, and asking again never attaches a file twice.
//
//   await kc.sendFile(file, { form, field, signal, onProgress(share), onWait(key), onSignedOut() }) -> { ok, text, notices }
//
// onWait("upload_offline" | "upload_busy") while it waits by itself; onSignedOut() answers a promise, kept when the
// person has signed in again.
const { say, csrf } = window.kc;

const WHOLE_UP_TO = 1024 * 1024;
const LONGEST_WAIT = 30;
const TRIES_OF_A_BROKEN_SERVER = 6;

class Cancelled extends Error {}
class Unreadable extends Error {}

function request(way, { signal, onBytes }) {
  return new Promise((resolve) => {
    const sending = new XMLHttpRequest();
    const stop = () => sending.abort();
    const done = (status) => {
      signal.removeEventListener("abort", stop);
      let data = {};
      try {
        data = JSON.parse(sending.responseText);
      } catch {
        // A page of HTML, or nothing: the status says enough.
      }
      resolve({ status, data });
    };
    sending.open(way.method ?? "POST", way.url);
    sending.timeout = way.seconds * 1000;
    sending.setRequestHeader("Accept", "application/json");
    sending.setRequestHeader("X-CSRF-Token", csrf());
    for (const [name, value] of Object.entries(way.headers ?? {})) sending.setRequestHeader(name, value);
    sending.upload.onprogress = (event) => onBytes?.(event.loaded);
    sending.onload = () => done(sending.status);
    sending.onerror = sending.ontimeout = sending.onabort = () => done(0);
    signal.addEventListener("abort", stop);
    sending.send(way.body());
  });
}

/** Some seconds, or until the network is back, or until it is not wanted any more. */
function pause(seconds, signal) {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      removeEventListener("online", go);
      signal.removeEventListener("abort", go);
      resolve();
    };
    const timer = setTimeout(go, seconds * 1000);
    addEventListener("online", go);
    signal.addEventListener("abort", go);
  });
}

/** Ask until there is an answer that will not change by asking again. */
async function insist(way, options) {
  let lost = false; // an answer: what was asked for may have been done
  for (let tries = 0; ; tries += 1) {
    const answer = await request(way, options);
    if (options.signal.aborted) throw new Cancelled();
    answer.again = lost;
    lost ||= answer.status === 0;
    if (answer.status === 401) {
      await options.onSignedOut();
      if (options.signal.aborted) throw new Cancelled();
      continue;
    }
    const busy = answer.status === 503 || answer.status === 429;
    const passing = answer.status === 0 || busy || answer.status >= 500;
    if (!passing || (answer.status >= 500 && !busy && tries >= TRIES_OF_A_BROKEN_SERVER)) return answer;
    options.onWait(answer.status === 0 ? "upload_offline" : "upload_busy");
    await pause(busy ? 1 + 2 * Math.random() : Math.min(LONGEST_WAIT, 2 ** Math.min(tries, 5)), options.signal);
    if (options.signal.aborted) throw new Cancelled();
  }
}

async function readable(blob) {
  try {
    await blob.arrayBuffer();
  } catch {
    throw new Unreadable();
  }
  return blob;
}

function fieldsOf({ form, field }, more) {
  const body = new FormData(form);
  for (const input of form.querySelectorAll('input[type="file"]')) body.delete(input.name);
  body.delete("csrf_token"); // the header has the one that counts now
  for (const [name, value] of more) body.append(name, ...value);
  return body;
}

async function whole(file, options) {
  await readable(file.slice(0, 1));
  const onBytes = (sent) => options.onProgress(Math.min(1, sent / (file.size || 1)));
  const body = () => fieldsOf(options, [[options.field.name, [file, file.name]]]);
  return insist({ url: options.form.action, body, seconds: 600 }, { ...options, onBytes });
}

async function begin(file, options) {
  const about = { name: file.name, size: String(file.size), modified: String(file.lastModified) };
  const body = () => fieldsOf(options, Object.entries(about).map(([name, value]) => [name, [value]]));
  return insist({ url: options.form.dataset.pieces, body, seconds: 60 }, options);
}

async function inPieces(file, options) {
  const begun = await begin(file, options);
  if (begun.status !== 201) return begun;
  const { url, piece } = begun.data;
  let { offset } = begun.data;
  try {
    for (;;) {
      while (offset < file.size) {
        const part = await readable(file.slice(offset, offset + piece));
        const from = offset;
        options.onProgress(from / file.size);
        const onBytes = (sent) => options.onProgress(Math.min(1, (from + sent) / file.size));
        const headers = { "Upload-Offset": String(from), "Content-Type": "application/octet-stream" };
        const answer = await insist({ url, body: () => part, headers, seconds: 120 }, { ...options, onBytes });
        if (answer.status !== 200 && answer.status !== 409) return answer;
        offset = answer.data.offset;
      }
      options.onProgress(1);
      const end = await insist({ url: `${url}/finish`, body: () => null, seconds: 300 }, options);
      if (end.status !== 409) return end;
      offset = end.data.offset; // less arrived than we thought
    }
  } catch (reason) {
    if (reason instanceof Cancelled) request({ url: `${url}/cancel`, body: () => null, seconds: 30 }, { signal: new AbortController().signal });
    throw reason;
  }
}

function verdict({ status, data, again }) {
  if (status >= 200 && status < 300) return { ok: true, text: say("uploaded"), notices: again ? [] : (data.notices ?? []) };
  if (data.error) return { ok: false, text: data.error };
  if (status === 413) return { ok: false, text: say("too_large") };
  if (status === 403 || status === 404) return { ok: false, text: say("upload_no_right") };
  return { ok: false, text: say("failed"), passing: true };
}

window.kc.sendFile = async function sendFile(file, options) {
  const large = file.size > WHOLE_UP_TO && options.form.dataset.pieces;
  try {
    return verdict(await (large ? inPieces(file, options) : whole(file, options)));
  } catch (reason) {
    if (reason instanceof Cancelled) return { ok: false, text: say("upload_cancelled"), cancelled: true };
    if (reason instanceof Unreadable) return { ok: false, text: say("upload_unreadable") };
    throw reason;
  }
};

/** A token that counts again after somebody signed in in another tab; false while nobody has. */
window.kc.freshToken = async function freshToken() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (!answer.ok || new URL(answer.url).pathname.startsWith("/login")) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector('meta[name="csrf-token"]')?.content;
    if (!token) return false;
    document.querySelector('meta[name="csrf-token"]').content = token;
    for (const input of document.querySelectorAll('input[name="csrf_token"]')) input.value = token;
    return true;
  } catch {
    return false;
  }
};
