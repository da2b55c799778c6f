// The learning plan: what somebody else wrote meanwhile in another field appears here too.
const form = document.getElementById("plan-form");

form?.addEventListener("kc:autosaved", ({ detail: { news, news_version: version } }) => {
  const parts = Object.entries(news ?? {}).map(([name, text]) => [form.elements.namedItem(name), text]);
  // Not while this person has just begun to write there, too: then the next save says so.
  if (!parts.length || !parts.every(([field, text]) => field.value.trimEnd() === text.was)) return;
  for (const [field, text] of parts) field.value = text.now;
  form.elements.namedItem("version").value = version;
  for (const [field] of parts) field.dispatchEvent(new Event("input", { bubbles: true }));
});
