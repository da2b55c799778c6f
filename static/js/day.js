// A session on its day: the time left, the step of the agenda that is on, and the parts of the page that others change.
//
//   <section data-part="attendance" data-stamp="…">   looked at again when notes.js hears of another stamp (kc:parts)
//   <div data-timer data-left="<seconds>">            counts down from what the server said was left, whatever this clock says
//   <ol data-agenda><li data-from="13:30" data-to="13:45">
//   <a data-note-kind="conclusion">                   the note that is being typed is of this kind
const { each } = window.kc;

// ---- the timer ----

const echo = document.querySelector("[data-timer-echo]"); // in the row of jumps, always in sight on a phone
const echoed = echo?.textContent;

each("[data-timer]", (timer) => {
  const ends = performance.now() + Number(timer.dataset.left) * 1000;
  const shown = timer.querySelector("[data-timer-left]");
  let over = timer.classList.contains("is-over");
  const tick = () => {
    if (!timer.isConnected) {
      if (echo && !document.querySelector("[data-timer]")) echo.textContent = echoed;
      return clearInterval(ticking);
    }
    const left = Math.max(0, Math.round((ends - performance.now()) / 1000));
    shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (echo) echo.textContent = shown.textContent;
    echo?.classList.toggle("is-over", !left);
    if (left || over) return;
    over = true;
    timer.classList.add("is-over");
    const said = timer.querySelector("[data-timer-over]");
    said.textContent = said.dataset.text;
    navigator.vibrate?.([300, 150, 300]);
  };
  const ticking = setInterval(tick, 500);
});

// ---- the agenda ----

const clockTime = () => new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

function markStep() {
  const now = clockTime();
  for (const step of document.querySelectorAll("[data-agenda] > [data-from]")) {
    const { from, to } = step.dataset;
    const on = from <= now && (!to || now < to);
    step.classList.toggle("is-now", on);
    step.classList.toggle("is-done", Boolean(to) && to <= now);
    if (on) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  }
}
setInterval(markStep, 20000);

// ---- what others changed ----

/** Nothing is taken from under somebody's fingers: a part with the cursor or with unsent words in it waits. */
function isInUse(part) {
  const typed = [...part.querySelectorAll("input:not([type=hidden])")].some((field) => field.value !== field.defaultValue);
  return typed || part.contains(document.activeElement);
}

document.addEventListener("kc:parts", (event) => {
  for (const [name, stamp] of Object.entries(event.detail)) {
    const part = document.querySelector(`[data-part="${name}"]`);
    if (!part || part.dataset.stamp === stamp || isInUse(part)) continue;
    const url = `${location.pathname}?part=${name}`;
    window.htmx?.ajax("GET", url, { target: part, swap: "outerHTML" });
  }
});

// ---- one tap to a conclusion ----

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-note-kind]");
  const composer = document.querySelector("[data-composer]");
  if (!link || !composer || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  for (const choice of composer.querySelectorAll("[name=kind]")) choice.checked = choice.value === link.dataset.noteKind;
  composer.elements.text.focus();
  composer.scrollIntoView({ block: "center" });
});
