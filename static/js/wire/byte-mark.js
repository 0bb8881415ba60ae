/**
 * The one byte that the pointer is at, marked in hex and in the text beside it.
 */

import { el } from "../shell/dom.js";

const CHARACTERS_PER_BYTE = { hex: 3, text: 1 };

/**
 * @param {HTMLElement} element - holds rows with `.hex` and `.text`.
 * @param {() => number} characterWidth - in pixels.
 * @returns `{ hide() }`
 */
export function createByteMark(element, characterWidth) {
  const marks = { hex: el("i.byte-mark", { "aria-hidden": "true" }), text: el("i.byte-mark", { "aria-hidden": "true" }) };

  function follow({ target, clientX }) {
    const cell = target.closest(".hex, .text");
    if (!cell || !target.closest("[data-field]")) return hide();
    const each = CHARACTERS_PER_BYTE[cell.className] * characterWidth();
    const column = Math.floor((clientX - cell.getBoundingClientRect().left) / each);
    for (const [kind, mark] of Object.entries(marks)) {
      mark.style.left = `${column * CHARACTERS_PER_BYTE[kind]}ch`;
      cell.parentElement.querySelector(`.${kind}`).append(mark);
    }
    return undefined;
  }

  function hide() {
    for (const mark of Object.values(marks)) mark.remove();
  }

  element.addEventListener("pointermove", follow);
  element.addEventListener("pointerleave", hide);
  return { hide };
}
