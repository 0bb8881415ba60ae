/**
 * Copying text. `navigator.clipboard` exists only in a secure context, which a LAN address over http
 * is not; there, a selected text field and the old `copy` command do the same.
 */

import { button, el } from "./dom.js";

const SAY_SO_MS = 1600;

export async function copyText(text) {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // No permission: the old way asks for none.
    }
  }
  return copyBySelection(text);
}

function copyBySelection(text) {
  const before = document.activeElement;
  const area = el("textarea.offscreen", { readonly: true, "aria-hidden": "true", tabindex: "-1" });
  area.value = text;
  document.body.append(area);
  area.select();
  let copied = false;
  try {
    copied = document.execCommand("copy");
  } finally {
    area.remove();
    before?.focus?.();
  }
  return copied;
}

/** A button that copies what `text()` returns and says that it did. */
export function copyButton(text, label, attributes = {}) {
  const made = button("Copy", async () => {
    made.textContent = (await copyText(text())) ? "Copied" : "Press Ctrl+C";
    setTimeout(() => (made.textContent = "Copy"), SAY_SO_MS);
  }, { class: "quiet copy", "aria-label": label, ...attributes });
  return made;
}
