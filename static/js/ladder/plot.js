/**
 * The canvas of a ladder: its size in device pixels, what is drawn on it, and what stands where since then.
 */

import { draw } from "./draw.js";
import { columnsOf, onWholePixel, scaleOf } from "./layout.js";
import { readPalette } from "./palette.js";
import { sceneOf } from "./scene.js";
import { createThinning } from "./thinning.js";
import { createWords } from "./words-on-canvas.js";

export function createPlot(canvas, { timeline, store, timeWindow, isShown, compact, axis, onResize, onPalette }) {
  const context = canvas.getContext("2d", { alpha: false });
  const thinning = createThinning();
  const sizes = new ResizeObserver(() => {
    isStale = true;
    onResize();
  });
  let palette = null;
  let words = null;
  let asides = new Map();
  let isStale = true;
  let drawnEnd = null;
  let scale = null;
  let arrows = [];

  function forgetAppearance() {
    palette = null;
    isStale = true;
  }

  /** The canvas has as many pixels as the screen, and is drawn on in CSS pixels. */
  function fit(width, height, pixelRatio) {
    const [across, down] = [Math.round(width * pixelRatio), Math.round(height * pixelRatio)];
    if (canvas.width !== across || canvas.height !== down) [canvas.width, canvas.height, isStale] = [across, down, true];
    context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  }

  /** Draw, unless the picture would be the same. */
  function paint({ selected, isEmpty }) {
    const [widthPx, heightPx, pixelRatio] = [canvas.clientWidth, canvas.clientHeight, devicePixelRatio];
    if (widthPx === 0 || heightPx === 0) return;
    fit(widthPx, heightPx, pixelRatio);
    const now = store.now();
    const end = onWholePixel(timeWindow.end(now), timeWindow.span, heightPx, pixelRatio);
    if (!isStale && end === drawnEnd) return;
    [isStale, drawnEnd] = [false, end];
    if (palette === null) {
      palette = readPalette(canvas);
      onPalette(palette);
      words = createWords(context, palette.font);
    }
    scale = scaleOf({ heightPx, remPx: palette.remPx, endMs: end, spanMs: timeWindow.span });
    const columns = columnsOf(widthPx, palette.remPx, { compact, axis });
    if (thinning.begin(`${timeWindow.span} ${widthPx} ${heightPx} ${palette.remPx}`)) asides = new Map();
    const scene = sceneOf({ timeline, store, columns, scale, now, isShown, arranging: { remPx: palette.remPx, asides } });
    arrows = scene.arrows;
    draw({
      context, columns, scale, palette, words, thinning, widthPx, heightPx, selected, compact,
      showsTimes: axis && !isEmpty, isEmpty, isLive: !timeWindow.paused,
    }, scene);
  }

  sizes.observe(canvas);

  return {
    paint, forgetAppearance,
    invalidate: () => (isStale = true),
    get arrows() { return arrows; },
    get pxPerMs() { return scale?.perMs ?? 1; },
    momentAt: (y) => scale?.moment(y) ?? store.now(),
    close: () => sizes.disconnect(),
  };
}
