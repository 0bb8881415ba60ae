/**
 * A few figures as bars of one scale, each with its name and its figure in words.
 */

import { el, setText } from "../../shell/dom.js";

/**
 * @param {HTMLElement} place
 * @param {object} options
 * @param {string} options.title
 * @param {{key: string, label: string, accent?: string}[]} options.rows
 * @returns `show(values, { most })`: `{ key: { value, text } }`, a value null where there is none; the longest bar is `most`.
 */
export function createBars(place, { title, rows }) {
  const made = rows.map(({ key, label, accent = "" }) => {
    const bar = el("span.bar-part");
    const figure = el("span.bar-figure", { testid: `bar-${key}` });
    return { key, bar, figure, element: el("li.bar-row", { data: { accent } }, el("span.bar-label", {}, label), el("span.bar-track", { "aria-hidden": "true" }, bar), figure) };
  });
  place.append(el("section.bars", { "aria-label": title }, el("h3", {}, title), el("ul", {}, made.map(({ element }) => element))));
  return {
    show(values, { most }) {
      for (const { key, bar, figure } of made) {
        const { value, text } = values[key];
        bar.style.width = `${value === null || most === 0 ? 0 : (100 * value) / most}%`;
        setText(figure, text);
      }
    },
  };
}
