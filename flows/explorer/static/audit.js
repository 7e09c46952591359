// Comfort only: rows are judged without this file, too.
"use strict";

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "Escape" && typing) typing.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const missed = document.querySelector("#missed");
  if (missed && /^[0-9]$/.test(event.key)) {
    missed.value = event.key;
    missed.form.requestSubmit();
  } else if (event.key === "r" || event.key === "u") {
    document.querySelector(event.key === "r" ? "#right" : "#unsure")?.click();
  } else if (event.key === "w") {
    document.querySelector("#value")?.focus();
  } else if (event.key === "ArrowLeft") {
    document.querySelector("#back")?.click();
  } else {
    return;
  }
  event.preventDefault();
});
