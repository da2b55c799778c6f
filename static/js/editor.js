// Conveniences of the five-part editor; every one of them is also a plain button of the form.
const { make } = window.kc;
const form = document.getElementById("article-form");

/** Tell growing text, autosave and counters that something was written. */
function changed(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// ---- Formatting: Markdown-light, typed for people -----------------------------------------------------------------

const TABLE = "|  |  |\n|---|---|\n|  |  |\n";

function replaceSelection(area, text, from, to) {
  area.focus();
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  if (from !== undefined) area.setSelectionRange(from, to);
  changed(area);
}

function aroundSelection(area, mark) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const chosen = value.slice(start, end);
  const inner = start + mark.length;
  replaceSelection(area, `${mark}${chosen}${mark}`, inner, inner + chosen.length);
}

/** Put a beginning before every line that the selection touches; take it away when all have it. */
function beforeLines(area, beginning) {
  const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const lines = area.value.slice(from, area.selectionEnd).split("\n");
  const have = lines.every((line, n) => line.startsWith(beginning(n)));
  const text = lines.map((line, n) => (have ? line.slice(beginning(n).length) : beginning(n) + line)).join("\n");
  area.setSelectionRange(from, area.selectionEnd);
  replaceSelection(area, text);
}

function onNewLine(area, text) {
  const before = area.value.slice(0, area.selectionStart);
  replaceSelection(area, (before && !before.endsWith("\n") ? "\n\n" : "") + text);
}

const formats = {
  bold: (area) => aroundSelection(area, "**"),
  list: (area) => beforeLines(area, () => "- "),
  number: (area) => beforeLines(area, (n) => `${n + 1}. `),
  heading: (area) => beforeLines(area, () => "## "),
  table: (area, button) => onNewLine(area, button.dataset.table || TABLE),
};

for (const bar of document.querySelectorAll("[data-toolbar]")) {
  const area = document.getElementById(bar.dataset.toolbar);
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-format], [data-insert]");
    if (!button) return;
    if (button.dataset.insert) onNewLine(area, `${button.dataset.insert}\n`);
    else formats[button.dataset.format](area, button);
    button.closest("details")?.removeAttribute("open");
  });
  area.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "b" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    formats.bold(area);
  });
}

// ---- Notes of the community ---------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-pull]");
  if (!button) return;
  event.preventDefault();
  const area = document.getElementById(button.dataset.pull);
  const text = button.dataset.pullText ?? button.closest("[data-pull-text]")?.dataset.pullText;
  area.value = [area.value.trimEnd(), text].filter(Boolean).join("\n\n");
  changed(area);
  button.classList.add("is-pulled");
  button.setAttribute("aria-pressed", "true");
  button.closest("[data-unplaced]")?.querySelector("[data-settle]")?.click(); // kept on the page, under "dealt with"
  area.scrollIntoView({ block: "nearest", behavior: "smooth" });
});

// ---- Rows of goals and results ------------------------------------------------------------------------------------

const measures = document.querySelector("[data-measures]");

function emptied(row) {
  for (const field of row.querySelectorAll("input")) field.value = "";
  return row;
}

document.querySelector("[data-add-measure]")?.addEventListener("click", (event) => {
  event.preventDefault();
  const rows = measures.querySelectorAll("[data-measure]");
  const row = emptied(rows[rows.length - 1].cloneNode(true));
  measures.append(row);
  row.querySelector("input").focus();
});

measures?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-remove-measure]");
  if (!button) return;
  event.preventDefault();
  const row = button.closest("[data-measure]");
  if (measures.querySelectorAll("[data-measure]").length > 1) row.remove();
  else emptied(row);
  changed(form);
});

// ---- Authors ------------------------------------------------------------------------------------------------------

const authors = document.querySelector("[data-authors]");

authors?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-remove-author]");
  if (!button) return;
  event.preventDefault();
  button.closest("li").remove();
  changed(form);
});

form?.addEventListener("kc:choose", (event) => {
  const { option } = event.detail;
  const id = option.dataset.id;
  if (!id || !authors) return;
  // After the combobox has written the name into its input: that input is for the next one.
  setTimeout(() => {
    event.target.value = "";
    if (authors.querySelector(`[data-author="${CSS.escape(id)}"]`)) return;
    const field = make("input", { type: "hidden", name: "authors", value: id });
    const remove = make("button", { type: "button", class: "btn btn-quiet btn-icon", "data-remove-author": "", "aria-label": `${authors.dataset.removeLabel}: ${option.dataset.name}` }, "×");
    const name = make("span", { class: "grow" }, option.dataset.name);
    authors.append(make("li", { class: "list-row", "data-author": id }, name, field, remove));
    changed(form);
  });
});

// ---- What is still missing, as far as the form itself can tell ----------------------------------------------------

function isFilled(name) {
  const field = form.elements.namedItem(name);
  if (!field) return false;
  return field instanceof RadioNodeList ? field.length > 0 : field.value.trim() !== "";
}

function showGaps() {
  const gaps = [...document.querySelectorAll("[data-gap]")];
  for (const gap of gaps) gap.hidden = isFilled(gap.dataset.gap);
  const none = gaps.every((gap) => gap.hidden);
  document.querySelector("[data-gaps-left]")?.toggleAttribute("hidden", none);
  document.querySelector("[data-gaps-none]")?.toggleAttribute("hidden", !none);
}

/** Somebody else wrote in another part: show it, unless this person has just begun to write there, too. */
function showNews({ news, news_version: version }) {
  const parts = Object.entries(news ?? {}).map(([name, text]) => [form.elements.namedItem(name), text]);
  if (!parts.length || !parts.every(([field, text]) => field.value.trimEnd() === text.was)) return;
  for (const [field, text] of parts) field.value = text.now;
  form.elements.namedItem("version").value = version;
  for (const [field] of parts) changed(field);
}

form?.addEventListener("kc:autosaved", (event) => {
  showGaps();
  showNews(event.detail);
});
