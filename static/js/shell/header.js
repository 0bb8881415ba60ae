/**
 * The header all pages share: home, the five techniques, all of them compared, the handshake, the experiments and
 * the last report (the room goes along), language, theme and projector.
 */

import { techniqueNamed, TECHNIQUES } from "../techniques.js";
import { nextTheme, onAppearance, projector, setProjector, theme } from "./appearance.js";
import { pageAddress } from "./base.js";
import { button, el } from "./dom.js";
import { languageSwitch } from "./language-switch.js";
import { t } from "./language.js";
import { moreMenu } from "./more.js";

/** @param {string | null} page - the technique whose page it is, "compare", "handshake", "labs" or "report"; null for the overview. */
export function buildHeader(place, { page = null, room }) {
  const item = (each) => el("li", {}, pageLink(each, page, room));
  const menu = [{ name: null, label: t("shell.overview") }, ...TECHNIQUES];
  const more = [
    { name: "compare", label: t("shell.compare") }, { name: "handshake", label: t("shell.handshake") },
    { name: "labs", label: t("shell.labs") }, { name: "report", label: t("shell.report") },
  ];
  const here = more.find(({ name }) => name === page);
  place.replaceChildren(
    el("a.brand", { href: pageAddress(null, room), "aria-label": "pushdemo" },
      el("span.mark", { "aria-hidden": "true" }), el("span.word", {}, "pushdemo")),
    el("nav", { "aria-label": t("shell.techniques") },
      el("ul", {}, menu.map(item), moreMenu(here?.label ?? t("shell.more"), more.map(item), { isHere: here !== undefined }))),
    el("div.switches", {}, languageSwitch(), themeButton(), projectorSwitch()),
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
    const name = t(`shell.theme.${theme()}`);
    made.setAttribute("aria-label", t("shell.theme.label", { name }));
    made.replaceChildren(el("span.ending", {}, t("shell.theme.before")), name);
  };
  show();
  return made;
}

function projectorSwitch() {
  const made = button(t("shell.projector"), () => setProjector(!projector()), {
    class: "quiet projector", testid: "projector-switch", title: t("shell.projector.title"),
  });
  const show = () => made.setAttribute("aria-pressed", String(projector()));
  onAppearance(show);
  show();
  return made;
}
