/**
 * Pointing at fields: `[data-field]` elements tell which one is pointed at or clicked.
 */

const lastSeen = { x: NaN, y: NaN }; // where on the screen the pointer was

window.addEventListener("pointermove", ({ screenX, screenY }) => Object.assign(lastSeen, { x: screenX, y: screenY }), { capture: true });

/**
 * @param {(field: number) => void} onPoint - the pointer is at this field now.
 * @param {(field: number) => void} onChoose - this field was clicked.
 * @param {() => void} onLeave - the pointer has left the element.
 */
export function listenToPointer(element, { onPoint, onChoose, onLeave }) {
  const tell = (event, listener) => {
    const field = event.target.closest("[data-field]")?.dataset.field;
    if (field !== undefined) listener(Number(field));
  };
  element.addEventListener("pointerover", (event) => hasMoved(event) && tell(event, onPoint));
  element.addEventListener("pointerleave", (event) => hasMoved(event) && onLeave());
  element.addEventListener("click", (event) => tell(event, onChoose));
}

/** When something is scrolled by keyboard under a pointer at rest, nobody points at what comes to lie there. */
function hasMoved({ screenX, screenY }) {
  return screenX !== lastSeen.x || screenY !== lastSeen.y;
}
