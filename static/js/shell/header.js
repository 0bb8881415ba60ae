/**
 * The header all pages share: home, the five techniques, all of them compared, the handshake and the last report (the
 * room goes along), theme and projector.
 */

import { techniqueNamed, TECHNIQUES } from "../techniques.js";
import { nextTheme, onAppearance, projector, setProjector, theme } from "./appearance.js";
import { pageAddress } from "./base.js";
import { button, el } from "./dom.js";

/** @param {string | null} page - the technique whose page it is, "compare", "handshake" or "report"; null for the overview. */
export function buildHeader(place, { page = null, room }) {
  const menu = [
    { name: null, label: "Overview" }, ...TECHNIQUES,
    { name: "compare", label: "Compare" }, { name: "handshake", label: "Handshake" }, { name: "report", label: "Report" },
  ];
  place.replaceChildren(
    el("a.brand", { href: pageAddress(null, room), "aria-label": "pushdemo" },
      el("span.mark", { "aria-hidden": "true" }), el("span.word", {}, "pushdemo")),
    el("nav", { "aria-label": "Techniques" },
      el("ul", {}, menu.map((each) => el("li", {}, pageLink(each, page, room))))),
    el("div.switches", {}, themeButton(), projectorSwitch()),
  );
}

function pageLink({ name, label }, current, room) {
  const here = name === current;
  const accent = techniqueNamed(name) ? name : "";
  return el("a", { href: pageAddress(name, room), "aria-current": here ? "page" : null, data: { accent } }, ...shortenable(label));
}

/** "Short poll" does where there is little room: the ending is left out by the style sheet. */
export function shortenable(label) {
  return label.endsWith("polling") ? [label.slice(0, -3), el("span.ending", {}, "ing")] : [label];
}

function themeButton() {
  const made = button("", () => { nextTheme(); show(); }, { class: "quiet theme" });
  const show = () => {
    made.setAttribute("aria-label", `Theme: ${theme()}`);
    made.replaceChildren(el("span.ending", {}, "Theme: "), theme());
  };
  show();
  return made;
}

function projectorSwitch() {
  const made = button("Projector", () => setProjector(!projector()), {
    class: "quiet projector", testid: "projector-switch", title: "Bigger type, fewer controls",
  });
  const show = () => made.setAttribute("aria-pressed", String(projector()));
  onAppearance(show);
  show();
  return made;
}
