/**
 * Writing a message: Enter sends, Shift+Enter makes a new line, and an Enter that ends the choice of
 * an input method (Chinese, Japanese, Korean) does neither.
 */

import { el, setText } from "../shell/dom.js";
import { count } from "../shell/format.js";
import { t } from "../shell/language.js";
import { forTab } from "../shell/storage.js";

export const LONGEST_TEXT = 4000; // characters, as the server counts them: code points
const SAY_SO_FROM = 3600;
const DRAFT = "draft";
const IME_KEY_CODE = 229; // what browsers report when `isComposing` is already over

/**
 * @param {(text: string) => boolean} onSend - takes a text; false when it cannot be sent now.
 */
export function createComposer(place, { onSend }) {
  const text = el("textarea", {
    id: "compose", testid: "compose-text", rows: "2", dir: "auto", "aria-describedby": "compose-note",
    placeholder: t("chat.write"), enterkeyhint: "send", autocomplete: "off",
  });
  const note = el("p.hint", { id: "compose-note" });
  const send = el("button.primary", { type: "submit", testid: "compose-send" }, t("chat.send"));
  place.append(el("form.compose", { on: { submit: (event) => { event.preventDefault(); submit(); } } },
    el("label.offscreen", { for: "compose" }, t("chat.message")), text, send, note));

  text.addEventListener("keydown", (event) => {
    const composing = event.isComposing || event.keyCode === IME_KEY_CODE;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    submit();
  });
  text.addEventListener("input", changed);
  text.value = forTab.get(DRAFT, "");
  changed();

  function submit() {
    const written = wellFormed(text.value.trim());
    if (written === "" || length(written) > LONGEST_TEXT || !onSend(written)) return;
    text.value = "";
    changed();
    text.focus();
  }

  function changed() {
    forTab.set(DRAFT, text.value);
    const size = length(text.value.trim());
    const tooLong = size > LONGEST_TEXT;
    setText(note, sizeNote(size));
    note.classList.toggle("bad", tooLong);
    text.setAttribute("aria-invalid", String(tooLong));
    send.disabled = tooLong;
  }

  return { focus: () => text.focus() };
}

function sizeNote(size) {
  const written = { size: count(size), most: count(LONGEST_TEXT) };
  if (size > LONGEST_TEXT) return t("chat.too-long", { ...written, excess: count(size - LONGEST_TEXT) });
  return size > SAY_SO_FROM ? t("chat.long", written) : t("chat.keys");
}

function length(text) {
  let points = 0;
  for (const _ of text) points += 1;
  return points;
}

/** Half an emoji, cut by some input method, is no text that could be sent. */
function wellFormed(text) {
  return text.toWellFormed ? text.toWellFormed() : text;
}
