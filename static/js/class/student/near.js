/**
 * Whether a prediction was right: within a fifth of what was measured. And how a figure of an experiment is written.
 */

import { language } from "../../shell/language.js";

const NEAR = 0.2;

export function isNear(prediction, answer) {
  return prediction !== null && answer !== null && Math.abs(prediction - answer) <= NEAR * Math.abs(answer);
}

/** Three digits say what such a figure is worth. */
export function figure(value) {
  return new Intl.NumberFormat(language().locale, { maximumSignificantDigits: Math.abs(value) < 1000 ? 3 : 4 }).format(value);
}
