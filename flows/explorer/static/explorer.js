// Comfort only: every page works without this file.
"use strict";

// What a reader switches on or off in the legend stays so from article to article.
const KEPT = "qantar-legend";
const boxes = document.querySelectorAll(".legend input[type=checkbox]");
let kept = {};
try { kept = JSON.parse(localStorage.getItem(KEPT) || "{}"); } catch { kept = {}; }
for (const box of boxes) {
  if (box.id in kept) box.checked = kept[box.id];
  box.addEventListener("change", () => {
    kept[box.id] = box.checked;
    try { localStorage.setItem(KEPT, JSON.stringify(kept)); } catch { /* private windows keep nothing */ }
  });
}

// "/" goes to the search field, as in many readers.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.querySelector("#ask") || document.querySelector("header .find input");
  if (field) { event.preventDefault(); field.focus(); }
});

// SQL is sent with Ctrl+Enter.
document.querySelector("#sql-editor")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.shiftKey)) event.target.form.requestSubmit();
});

// Code and checksums can be copied.
const words = document.currentScript.dataset;
for (const code of document.querySelectorAll("pre.code")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = words.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.querySelector("code").textContent);
    button.textContent = words.copied;
    setTimeout(() => { button.textContent = words.copy; }, 1500);
  });
  code.append(button);
}
