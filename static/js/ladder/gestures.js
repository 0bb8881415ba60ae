/**
 * What fingers, mouse and keys do to a ladder. While it is live the wheel and the finger scroll the page as ever; while
 * it is paused they scroll in time.
 */

const DRAG_FROM_PX = 5;
const WHEEL_LINE_PX = 16;
const ZOOM_PER_PX = 0.002;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {object} does - isPaused(), pick(x, y), scrollBy(px) -> whether it moved, zoomBy(factor, y), and for keys
 *   move(steps), enter(), goLive(), togglePause(), zoomIn(), zoomOut(), page(screens), toEnd(which).
 */
export function listenToGestures(canvas, does) {
  const keys = {
    ArrowUp: () => does.move(-1), ArrowDown: () => does.move(1),
    ArrowLeft: () => does.page(-1 / 8), ArrowRight: () => does.page(1 / 8),
    PageUp: () => does.page(-3 / 4), PageDown: () => does.page(3 / 4),
    Home: () => does.toEnd("oldest"), End: () => does.toEnd("newest"),
    Enter: does.enter, Escape: does.goLive, " ": does.togglePause,
    "+": does.zoomIn, "=": does.zoomIn, "-": does.zoomOut,
  };
  let drag = null;
  let wasDragged = false;

  canvas.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });

  canvas.addEventListener("wheel", (event) => {
    const px = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? WHEEL_LINE_PX : 1);
    if (event.ctrlKey) does.zoomBy(Math.exp(px * ZOOM_PER_PX), event.offsetY);
    else if (!does.isPaused() || !does.scrollBy(px)) return;
    event.preventDefault();
  }, { passive: false });

  canvas.addEventListener("pointerdown", (event) => {
    wasDragged = false;
    if (does.isPaused() && event.isPrimary) drag = { id: event.pointerId, y: event.clientY };
  });

  canvas.addEventListener("pointermove", (event) => {
    if (drag?.id !== event.pointerId) return;
    const px = drag.y - event.clientY;
    if (!wasDragged && Math.abs(px) < DRAG_FROM_PX) return;
    if (!wasDragged) canvas.setPointerCapture(event.pointerId);
    wasDragged = true;
    drag.y = event.clientY;
    does.scrollBy(px);
  });

  for (const type of ["pointerup", "pointercancel"]) canvas.addEventListener(type, () => (drag = null));

  canvas.addEventListener("click", (event) => {
    if (!wasDragged) does.pick(event.offsetX, event.offsetY);
  });
}
