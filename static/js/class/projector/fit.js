/**
 * Type as big as there is room for: a view's `--size` is raised until something would stick out, and again only when there
 * is another thing to show. Figures that change make it smaller where they must and never bigger, so that nothing jumps.
 */

const TRIES = 7; // each halves what is left: to a hundredth
const SLACK_PX = 1; // a half pixel that the browser rounds up
const former = new WeakMap();

/**
 * @param {object} view
 * @param {HTMLElement} view.element - has its place's size whatever is in it, and hides what sticks out.
 * @param {[number, number]} [view.sizes] - the least and the most, in rem.
 * @param {string[]} [view.shapes] - how it may be laid out (`data-shape`); that which lets the type be biggest is taken.
 * @param {(fits: () => boolean) => void} [view.settle] - called at the end, for what is to be left out where even the least is too big.
 */
export function fit({ element, sizes = [1, 2.4], shapes = [""], settle = () => {} }) {
  if (!element.isConnected) return;
  const before = former.get(element);
  const isSame = before?.key === keyOf(element);
  if (!isSame) choose(element, sizes, shapes);
  else if (!fits(element)) enlarge(element, [sizes[0], Math.max(sizes[0], before.size)]);
  settle(() => fits(element));
  former.set(element, { key: keyOf(element), size: Number(element.style.getPropertyValue("--size")) });
}

function choose(element, sizes, shapes) {
  const found = shapes.map((shape) => {
    element.dataset.shape = shape;
    return { shape, size: enlarge(element, sizes) };
  });
  const best = found.reduce((one, other) => (other.size > one.size ? other : one));
  element.dataset.shape = best.shape;
  element.style.setProperty("--size", Math.max(best.size, sizes[0]));
}

/** Set the biggest size that fits, and return it; 0 where not even the least does. */
function enlarge(element, [least, most]) {
  const isFine = (size) => {
    element.style.setProperty("--size", size);
    return fits(element);
  };
  if (isFine(most)) return most;
  if (!isFine(least)) return 0;
  let [low, high] = [least, most];
  for (let tries = 0; tries < TRIES; tries += 1) {
    const middle = (low + high) / 2;
    if (isFine(middle)) low = middle;
    else high = middle;
  }
  element.style.setProperty("--size", low);
  return low;
}

/** Whether nothing sticks out: of the view, or of a part of it that says so (`data-fits`), over whatever is beside it. */
function fits(element) {
  return [element, ...element.querySelectorAll("[data-fits]")].every(holdsAll);
}

function holdsAll({ scrollHeight, clientHeight, scrollWidth, clientWidth }) {
  return scrollHeight <= clientHeight + SLACK_PX && scrollWidth <= clientWidth + SLACK_PX;
}

/** What the size was found for: the room, how many things there are, and what is said, but for its figures. */
function keyOf(element) {
  const said = [...element.querySelectorAll("h1, h2, p")].map(({ hidden, textContent }) => (hidden ? "" : textContent.replace(/\d+/g, "0")));
  return [element.clientWidth, element.clientHeight, element.querySelectorAll("*").length, ...said].join("\n");
}
