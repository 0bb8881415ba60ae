/**
 * What the class's pages say alike: the techniques' names, and a group's network in words.
 */

import { t } from "../shell/language.js";

/** @param {string} name - of a technique, as the API has it. */
export function techniqueLabel(name) {
  return t(`technique.${name}`);
}

/** What a group's network is set to, and what was done to it: one phrase, for who is behind it. */
export function networkWords({ network, vanished, stalled_until: stalled, refusing_until: refusing }) {
  const words = [
    vanished && t("class.network.vanished"),
    stalled !== null && t("class.network.stalled"),
    refusing !== null && t("class.network.refusing"),
    network.delay_ms > 0 && t("class.network.delay", { ms: network.delay_ms }),
    network.jitter_ms > 0 && t("class.network.jitter", { ms: network.jitter_ms }),
    network.bandwidth_kbit !== null && t("class.network.bandwidth", { kbit: network.bandwidth_kbit }),
    network.strip_upgrade && t("class.network.strip"),
    network.buffer_bytes !== null && t("class.network.buffer", { bytes: network.buffer_bytes }),
    network.idle_timeout_s !== null && t("class.network.idle", { seconds: network.idle_timeout_s }),
    network.cache_s !== null && t("class.network.cache", { seconds: network.cache_s }),
  ].filter(Boolean);
  return words.join(t("class.network.and")) || t("class.network.plain");
}

/** Whether nobody wrote a message: the metronome did, or a phone by itself. */
export function isAutomatic({ sender, client_message_id: id = "" }) {
  return id.startsWith("auto-") || (sender === "metronome" && id.startsWith("tick-"));
}
