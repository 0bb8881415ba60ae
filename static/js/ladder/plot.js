/**
 * The canvas of a ladder: its size in device pixels, what is drawn on it, and what stands where since then.
 */

import { draw } from "./draw.js";
import { columnsOf, onWholePixel, scaleOf } from "./layout.js";
import { readPalette } from "./palette.js";
import { sceneOf } from "./scene.js";
import { createThinning, forgetOldest } from "./thinning.js";
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

  function readAppearance() {
    palette = readPalette(canvas);
    words = createWords(context, palette.font);
    onPalette(palette);
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
    if (palette === null) readAppearance();
    const { remPx } = palette;
    const spanMs = timeWindow.span;
    const endMs = onWholePixel(timeWindow.end(now), { heightPx, remPx, spanMs, pixelRatio });
    if (!isStale && endMs === drawnEnd) return;
    [isStale, drawnEnd] = [false, endMs];
    scale = scaleOf({ heightPx, remPx, endMs, spanMs });
    const columns = columnsOf(widthPx, remPx, { compact, axis });
    if (thinning.begin(`${spanMs} ${widthPx} ${heightPx} ${remPx}`)) asides = new Map();
    forgetOldest(asides);
    const scene = sceneOf({ timeline, store, columns, scale, now, isShown, arranging: { remPx, asides } });
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
