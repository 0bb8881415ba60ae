/**
 * The choice of language: each by its own name, for who cannot read the one that is shown.
 */

import { button, el } from "./dom.js";
import { chooseLanguage, language, LANGUAGES, t } from "./language.js";

export function languageSwitch() {
  return el("span.languages", { role: "group", "aria-label": t("shell.language") },
    LANGUAGES.map(({ tag, name, locale }) => button(name, () => chooseLanguage(tag), {
      class: "quiet", lang: locale, testid: `language-${tag}`, "aria-pressed": String(tag === language().tag),
    })));
}
