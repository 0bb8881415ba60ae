/**
 * Whether an answer was right, and if not, why it may be that far off: against what the student measured, for that is
 * what they predicted; theory has a say where the measurement did not come out as it should.
 */

const NEAR_MISTAKE = 0.07; // so near to what a known mistake gives, and it is that one
const SURE = 2; // standard errors

/**
 * Factors by which answers are off when something was forgotten; of two neighbours the first counts. The whole share
 * against per cent is 100, seconds against milliseconds 1000, one way against there and back 2.
 */
const FACTORS = [
  { factor: 1000, reason: "thousand" },
  { factor: 1 / 1000, reason: "thousandth" },
  { factor: 100, reason: "hundred" },
  { factor: 1 / 100, reason: "hundredth" },
  { factor: 2, reason: "double" },
  { factor: 1 / 2, reason: "half" },
];
export const REASONS = ["right", "nothing", "theory", ...FACTORS.map(({ reason }) => reason), "high", "low"];

/**
 * @param {object} given
 * @param {number} given.answer
 * @param {{value: number, error?: number | null} | null} given.measured - `error`: its standard error, where it has one.
 * @param {number | null} given.theory
 * @param {{share?: number, absolute?: number}} given.tolerance - either is enough; a fifth, if nothing is said.
 * @param {{key: string, value: number}[]} [given.mistakes] - what comes out when one thinks wrongly in a known way.
 * @returns {{right: boolean | null, off: number | null, reason: string, mistake: string | null}} `off`: answer against
 *   measured, as a share; `right` is null where nothing was measured.
 */
export function mark({ answer, measured, theory, tolerance, mistakes = [] }) {
  if (measured === null) return { right: null, off: null, reason: "nothing", mistake: null };
  const off = measured.value === 0 ? null : answer / measured.value - 1;
  if (isNear(answer, measured, tolerance)) return { right: true, off, reason: "right", mistake: null };
  if (theory !== null && isNear(answer, { value: theory }, tolerance)) return { right: false, off, reason: "theory", mistake: null };
  const mistake = mistakes.find(({ value }) => isAbout(answer, value));
  if (mistake) return { right: false, off, reason: "mistake", mistake: mistake.key };
  const truth = theory ?? measured.value;
  const factor = FACTORS.find((each) => truth !== 0 && isAbout(answer, each.factor * truth));
  return { right: false, off, reason: factor?.reason ?? (answer > measured.value ? "high" : "low"), mistake: null };
}

/** Whether a figure is one, as far as the question is as exact and the measurement as sure. */
export function isNear(figure, { value, error = null }, { share = null, absolute = null } = {}) {
  const allowed = share === null && absolute === null ? 0.2 : share ?? 0;
  return Math.abs(figure - value) <= Math.max(allowed * Math.abs(value), absolute ?? 0, SURE * (error ?? 0)) + Number.EPSILON;
}

function isAbout(figure, value) {
  return value === 0 ? figure === 0 : Math.abs(figure / value - 1) <= NEAR_MISTAKE;
}
