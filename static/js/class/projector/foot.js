/**
 * What stands below whatever is shown: how to join, how many there are, what the networks are like, how often is published.
 */

import { el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { networkWords } from "../words.js";

const MOST_LETTERS = 150; // of all networks in words: two lines

export function createFoot(place) {
  const [join, people, network, rate, word] = ["span.foot-join", "span", "span.foot-network", "span", "strong.foot-word"].map((tag) => el(tag));
  word.setAttribute("role", "status");
  place.replaceChildren(word, join, people, rate, network);

  return {
    show({ class: info, people: all, groups, rate: perSecond, simulated }) {
      setText(join, info.state === "ended" ? "" : info.address.replace(/^http:\/\//, ""));
      const phones = simulated ? t("projector.simulated", { count: simulated.wanted }) : "";
      setText(people, [t("projector.people", { count: all.length }), phones].filter(Boolean).join(" "));
      setText(network, networksInWords(groups));
      setText(rate, perSecond === 0 ? "" : t("projector.rate", { rate: perSecond }));
    },
    say: (text) => setText(word, text),
  };
}

/** Each phrase once, with the groups it is true of; what is as it is needs no word. Where that is too long: how many there are. */
export function networksInWords(groups) {
  const groupsOf = new Map();
  for (const group of groups) {
    const words = networkWords(group);
    groupsOf.set(words, [...(groupsOf.get(words) ?? []), group.name]);
  }
  const different = groupsOf.size;
  groupsOf.delete(t("class.network.plain"));
  const all = [...groupsOf].map(([words, names]) => (names.length === groups.length ? words : `${names.join(" ")}: ${words}`)).join(" · ");
  return all.length > MOST_LETTERS && different > 1 ? t("projector.networks", { count: different }) : all;
}
