/**
 * The entries of the menu for which there is no room on a projector or in a small window: behind a button there, in line
 * with the others elsewhere. Which it is says the style sheet.
 */

import { button, el } from "./dom.js";

/**
 * @param {string} label - of the button: "More", or the entry that is the page's own.
 * @param {HTMLElement[]} items - list items with a link each.
 * @returns {HTMLElement} a list item.
 */
export function moreMenu(label, items, { isHere }) {
  const list = el("ul", { id: "more-pages" }, items);
  const made = button(label, () => open(!isOpen()), {
    class: "quiet", "aria-expanded": "false", "aria-controls": list.id, testid: "more", data: { here: String(isHere) },
  });
  const element = el("li.more", { on: { keydown: close, focusout: leave } }, made, list);
  const isOpen = () => made.getAttribute("aria-expanded") === "true";
  const open = (now) => made.setAttribute("aria-expanded", String(now));

  function close(event) {
    if (event.key !== "Escape" || !isOpen()) return;
    open(false);
    made.focus();
  }

  function leave({ relatedTarget }) {
    if (relatedTarget !== null && !element.contains(relatedTarget)) open(false);
  }

  document.addEventListener("pointerdown", ({ target }) => element.contains(target) || open(false));
  return element;
}
