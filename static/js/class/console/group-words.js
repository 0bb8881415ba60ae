/**
 * What a group is set to, in one line of words: only what matters to the technique that it runs.
 */

import { t } from "../../shell/language.js";
import { networkWords } from "../words.js";

/**
 * @param {object} group - as the class's state has it.
 * @param {number} now - by the server's clock, in ms since 1970.
 */
export function groupWords(group, now) {
  const { technique, interval_ms: interval, timeout_s: timeout, posts_per_minute: posts } = group;
  const words = [
    t("console.set.network", { words: networkWords(group) }),
    leftWords(group, now),
    (technique ?? "short-poll") === "short-poll" && t("console.set.interval", { seconds: interval / 1000 }),
    (technique ?? "long-poll") === "long-poll" && t("console.set.timeout", { seconds: timeout }),
    posts > 0 && t("console.set.posts", { rate: posts }),
  ];
  return words.filter(Boolean).join(" · ");
}

/** For how long a pause still lasts. */
function leftWords({ stalled_until: stalled, refusing_until: refusing }, now) {
  const left = Math.max(stalled ?? 0, refusing ?? 0) - now;
  return left > 0 && t("console.set.left", { seconds: Math.ceil(left / 1000) });
}
