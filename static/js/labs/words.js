/**
 * Figures of an experiment as its pages write them: with their digits, their unit, and how sure they are.
 */

import { language, t } from "../shell/language.js";

/** @param {number} [count] - of which it is the unit: "1 connection"; without one, of several. */
export function unitText(unit, count = 2) {
  return t(`unit.${unit}`, { count });
}

/** @param {number | null} value */
export function figureText(value, digits = 0) {
  if (value === null || value === undefined) return t("figure.none");
  return new Intl.NumberFormat(language().locale, { maximumFractionDigits: digits, minimumFractionDigits: 0 }).format(value);
}

export function withUnit(value, { unit, digits }) {
  return value === null || value === undefined ? t("figure.none") : t("labs.figure", { figure: figureText(value, digits), unit: unitText(unit, value) });
}

/** @param {{value: number, error: number | null, samples: number} | null} measured */
export function measuredText(measured, question) {
  if (measured === null) return t("figure.none");
  const figure = withUnit(measured.value, question);
  if (!measured.error) return figure;
  return t("labs.figure.error", { figure: figureText(measured.value, question.digits), error: figureText(measured.error, question.digits), unit: unitText(question.unit) });
}
