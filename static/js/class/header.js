/**
 * The header of the class's pages: no menu, for nobody in a class shall be led away from it by a slip of the thumb.
 */

import { nextTheme, theme } from "../shell/appearance.js";
import { address } from "../shell/base.js";
import { button, el } from "../shell/dom.js";
import { languageSwitch } from "../shell/language-switch.js";
import { t } from "../shell/language.js";

/** @param {...Node} more - stand between the name and the switches. */
export function buildClassHeader(place, ...more) {
  place.replaceChildren(
    el("a.brand", { href: address(""), "aria-label": "pushdemo" },
      el("span.mark", { "aria-hidden": "true" }), el("span.word", {}, "pushdemo")),
    ...more,
    el("div.switches", {}, languageSwitch(), themeButton()),
  );
}

function themeButton() {
  const made = button("", () => { nextTheme(); show(); }, { class: "quiet" });
  const show = () => {
    made.textContent = t(`class.theme.${theme()}`);
    made.setAttribute("aria-label", t("class.theme", { theme: t(`class.theme.${theme()}`) }));
  };
  show();
  return made;
}
