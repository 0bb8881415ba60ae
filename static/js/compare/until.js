/**
 * Waits until something is so, or for so long at most; tells whether it is.
 */

const LOOK_EVERY_MS = 40;

export function until(isSo, limitMs) {
  return new Promise((resolve) => {
    const end = performance.now() + limitMs;
    (function look() {
      if (isSo()) resolve(true);
      else if (performance.now() >= end) resolve(false);
      else setTimeout(look, Math.min(LOOK_EVERY_MS, end - performance.now()));
    }());
  });
}
