/** The seed of which the student's numbers are made: shown, and to be set by a number or a name. */

import { el, field } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { keepSeed, seedTyped } from "./seed.js";

export function seedField(seed) {
  const input = el("input", { type: "text", value: String(seed), maxlength: 40, autocomplete: "off", testid: "seed", size: 12 });
  const submit = (event) => {
    event.preventDefault();
    const wanted = seedTyped(input.value);
    if (wanted === null || wanted === seed) return;
    keepSeed(wanted);
    const url = new URL(location.href);
    url.searchParams.delete("seed");
    history.replaceState(null, "", url);
    location.reload();
  };
  return el("form.seed", { on: { submit } },
    field(t("labs.seed"), input), el("button", { type: "submit", testid: "seed-take" }, t("labs.seed.take")),
    el("p.hint", {}, t("labs.seed.what")));
}
