/**
 * When a ladder is drawn: with each frame while it is live and to be seen, twice a second for who wants less motion or
 * measures beside it (messages wait while a page draws), once after a change while it is paused, and never while nobody
 * sees it.
 */

const CALM_EVERY_MS = 500;
const NEAR = "200px"; // one that is about to be scrolled into view is drawn before, or it would come up black

/**
 * @param {object} options
 * @param {Element} options.canvas
 * @param {() => boolean} options.isLive
 * @param {() => void} options.paint
 * @param {boolean} [options.seldom] - whether twice a second is enough.
 */
export function createLoop({ canvas, isLive, paint, seldom = false }) {
  const media = matchMedia("(prefers-reduced-motion: reduce)");
  const isCalm = () => seldom || media.matches;
  const seen = new IntersectionObserver((entries) => {
    isInView = entries.at(-1).isIntersecting;
    update();
  }, { rootMargin: NEAR });
  let isInView = false;
  let frame = null;
  let timer = null;

  const isSeen = () => isInView && !document.hidden;

  function request() {
    if (frame === null && isSeen()) frame = requestAnimationFrame(onFrame);
  }

  function onFrame() {
    frame = null;
    paint();
    if (isLive() && !isCalm()) request();
  }

  /** Something changed of what the rhythm depends on. */
  function update() {
    clearInterval(timer);
    timer = isSeen() && isLive() && isCalm() ? setInterval(request, CALM_EVERY_MS) : null;
    request();
  }

  seen.observe(canvas);
  media.addEventListener("change", update);
  document.addEventListener("visibilitychange", update);

  return {
    update,
    /** Draw soon, for something changed; while calm, what merely came in can wait. */
    request: ({ canWait = false } = {}) => (canWait && timer !== null) || request(),
    close() {
      clearInterval(timer);
      cancelAnimationFrame(frame);
      seen.disconnect();
      media.removeEventListener("change", update);
      document.removeEventListener("visibilitychange", update);
    },
  };
}
