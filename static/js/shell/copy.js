/**
 * Copying text. `navigator.clipboard` exists only in a secure context, which a LAN address over http
 * is not; there, a selected text field and the old `copy` command do the same.
 */

import { button, el } from "./dom.js";
import { t } from "./language.js";

const SAY_SO_MS = 1600;
const ASK_FOR_MS = 8000; // "Press Ctrl+C" takes longer to do than "Copied" to read

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
  const area = el("textarea.offscreen", { readonly: true, "aria-label": t("copy.press.label"), tabindex: "-1" });
  area.value = text;
  document.body.append(area);
  area.focus({ preventScroll: true });
  area.select();
  if (document.execCommand("copy")) {
    area.remove();
    before?.focus?.({ preventScroll: true });
    return true;
  }
  leaveSelected(area, before);
  return false;
}

/** The text stays selected until the reader has copied it by hand or goes elsewhere. */
function leaveSelected(area, before) {
  area.addEventListener("copy", () => setTimeout(() => before?.focus?.({ preventScroll: true })));
  area.addEventListener("blur", () => setTimeout(() => area.remove()));
}

/** A button that copies what `text()` returns and says that it did. */
export function copyButton(text, label, attributes = {}) {
  const made = button(t("copy.copy"), async () => {
    const copied = await copyText(text());
    made.textContent = copied ? t("copy.copied") : t("copy.press");
    setTimeout(() => (made.textContent = t("copy.copy")), copied ? SAY_SO_MS : ASK_FOR_MS);
  }, { class: "quiet copy", "aria-label": label, ...attributes });
  return made;
}
