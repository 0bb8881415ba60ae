/** The verdict in words: what to take and why; why the others not; and what is to be known of each whatever it costs. */

import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { NAMES } from "./model.js";

export function createVerdict(place) {
  const lead = el("p.verdict-line", { testid: "choice", role: "status" });
  const cheapest = el("p", { testid: "cheapest" });
  const notes = el("ul.qualities");
  place.append(el("section.choice", { "aria-label": t("lab.choose.verdict-title") }, lead, cheapest,
    el("details.more", {}, el("summary", {}, t("lab.choose.qualities")), notes, el("p.hint", {}, t("lab.choose.rule")))));

  function show({ costs, verdict }) {
    const isKnown = costs.every(({ unknown }) => !unknown);
    lead.replaceChildren(leadText(verdict));
    lead.dataset.take = verdict.take ?? "";
    lead.dataset.accent = verdict.take ?? "";
    cheapest.replaceChildren(cheapestText(verdict, isKnown));
    notes.replaceChildren(...NAMES.map((name) => el("li", { data: { accent: name } },
      el("strong", {}, t(`technique.${name}`)), ": ", t(`lab.choose.quality.${name}`))));
  }

  return { show };
}

function leadText({ take, why }) {
  if (take === null) return t("lab.choose.why.none");
  return `${t("lab.choose.take", { name: t(`technique.${take}`) })} ${t(`lab.choose.why.${why}`)}`;
}

function cheapestText({ cheapest, fit, take }, isKnown) {
  const names = fit.map((name) => t(`technique.${name}`)).join(t("labs.and"));
  const enough = t("lab.choose.fit", { count: fit.length, names: names || t("lab.choose.nobody") });
  if (cheapest === null || !isKnown) return enough;
  return `${enough} ${t(cheapest === take ? /* text */ "lab.choose.cheapest-too" : /* text */ "lab.choose.cheapest", { name: t(`technique.${cheapest}`) })}`;
}
