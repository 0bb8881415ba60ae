/**
 * Light, dark and projector. Both choices are remembered and kept as data-attributes of the root
 * element, from where the style sheet takes them.
 */

import { forBrowser } from "./storage.js";

const THEMES = ["auto", "light", "dark"];
const root = document.documentElement;

/** Set what was chosen before; called first of all, so that the page does not change its colours. */
export function restoreAppearance() {
  root.dataset.theme = THEMES.includes(forBrowser.get("theme")) ? forBrowser.get("theme") : "auto";
  root.dataset.projector = String(forBrowser.get("projector") === true);
}

export function theme() {
  return root.dataset.theme;
}

export function nextTheme() {
  root.dataset.theme = THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length];
  forBrowser.set("theme", root.dataset.theme);
  announce();
}

export function projector() {
  return root.dataset.projector === "true";
}

export function setProjector(on) {
  root.dataset.projector = String(on);
  forBrowser.set("projector", on);
  announce();
}

/** Call back whenever colours or sizes changed, also when the system's own theme did. */
export function onAppearance(listener) {
  window.addEventListener("appearance", listener);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", listener);
}

function announce() {
  window.dispatchEvent(new Event("appearance"));
}
