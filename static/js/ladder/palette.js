/**
 * The colours and sizes a ladder is drawn with, read from the style sheet: a canvas knows no variables.
 *
 * A technique's accent may be too pale for a line on white; it is then darkened, in its own hue, until it has the
 * contrast that WCAG 2.2 asks of graphics (section 1.4.11), 3:1.
 */

import { TECHNIQUES } from "../techniques.js";

const LEAST_CONTRAST = 3;
const NEUTRALS = ["surface", "text", "muted", "edge", "rule", "bad", "focus"];

export function readPalette(element) {
  const style = getComputedStyle(element);
  const resolve = resolver();
  const color = (name) => resolve(style.getPropertyValue(`--${name}`).trim());
  const palette = Object.fromEntries(NEUTRALS.map((name) => [name, inCss(color(name))]));
  const [surface, text] = [color("surface"), color("text")];
  for (const { name } of TECHNIQUES) palette[name] = inCss(legible(color(name), surface, text));
  const remPx = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const publish = color("muted").map((value, index) => Math.round((value + text[index]) / 2));
  const fonts = ["400", "700"].map((weight) => `${weight} ${0.75 * remPx}px ${style.fontFamily}`);
  return {
    ...palette, remPx, publish: inCss(publish), page: palette.edge,
    font: (isBold = false) => fonts[Number(isBold)],
  };
}

/** Any CSS colour as [red, green, blue], by painting with it. */
function resolver() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return (css) => {
    context.fillStyle = css;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  };
}

function inCss([red, green, blue]) {
  return `rgb(${red} ${green} ${blue})`;
}

/** `color`, or the nearest mixture of it with `text` that is told apart from `ground`. */
export function legible(color, ground, text) {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = color.map((value, index) => Math.round(value + share * (text[index] - value)));
    if (contrast(mixed, ground) >= LEAST_CONTRAST) return mixed;
  }
  return text;
}

/** The contrast ratio of two colours (WCAG 2.2, "contrast ratio"). */
export function contrast(one, other) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color) {
  const [red, green, blue] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
