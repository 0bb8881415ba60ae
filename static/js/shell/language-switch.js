/**
 * The choice of language: each by its own name, for who cannot read the one that is shown. In a full header the style
 * sheet leaves the name's ending out.
 */

import { button, el } from "./dom.js";
import { chooseLanguage, language, LANGUAGES, t } from "./language.js";

export function languageSwitch() {
  return el("span.languages", { role: "group", "aria-label": t("shell.language") }, LANGUAGES.map(oneLanguage));
}

function oneLanguage({ tag, name, short, locale }) {
  const made = button(short, () => chooseLanguage(tag), {
    class: "quiet", lang: locale, testid: `language-${tag}`, "aria-label": name, "aria-pressed": String(tag === language().tag),
  });
  made.append(el("span.ending", {}, name.slice(short.length)));
  return made;
}
