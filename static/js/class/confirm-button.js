/**
 * A button for what cannot be undone: the first press asks, the second does it; whoever looks elsewhere has not pressed it.
 */

import { button } from "../shell/dom.js";

const ASKS_FOR_MS = 5000;

export function confirmButton(label, question, onConfirm, attributes = {}) {
  let timer = null;
  const made = button(label, press, attributes);
  made.addEventListener("blur", calm);

  function press() {
    if (timer === null) {
      made.textContent = question;
      made.dataset.asking = "true";
      timer = setTimeout(calm, ASKS_FOR_MS);
    } else {
      calm();
      onConfirm();
    }
  }

  function calm() {
    clearTimeout(timer);
    timer = null;
    made.textContent = label;
    delete made.dataset.asking;
  }

  return made;
}
