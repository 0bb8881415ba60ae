/**
 * The network of all five lab sessions at once. What is set while nothing runs is kept for the next run.
 *
 * The proxies are set before the frames load, for they hold for new connections only; the line, such as its delay, once
 * they have loaded, so that a slow line does not keep everybody waiting for files.
 */

import { t } from "../shell/language.js";

const NETWORK = { // as a session begins: see pushdemo/lab/network.py
  delay_ms: 0, jitter_ms: 0, bandwidth_kbit: null, seed: 1,
  strip_upgrade: false, buffer_bytes: null, idle_timeout_s: null, cache_s: null,
};
const LINE = ["delay_ms", "jitter_ms", "bandwidth_kbit", "seed"];
const AS_IT_IS = ["jitter_ms", "bandwidth_kbit", "strip_upgrade", "buffer_bytes", "idle_timeout_s", "cache_s"];
const CALM = { vanished: false, stalled_until: null, refusing_until: null };

/**
 * @param {(session: object) => void} onState - what network-panel.js shows.
 * @param {() => void} onDisturbed - it was changed, or broken, in the middle of a run.
 */
export function createAllSessions({ onState, onDisturbed }) {
  let network = { ...NETWORK };
  let lanes = [];
  const told = new Map(); // lane -> its session's state

  const only = (names) => Object.fromEntries(Object.entries(network).filter(([name]) => names(name)));
  const isLine = (name) => LINE.includes(name);

  /** On all five; what one of them says against it is said in its technique's name. */
  function onAll(command) {
    return Promise.all(lanes.map(async (lane) => {
      try {
        return await command(lane.live);
      } catch (error) {
        throw new Error(t("compare.said", { who: lane.technique.label, what: error.message }));
      }
    }));
  }

  async function setNetwork(changes) {
    if (lanes.length > 0) onDisturbed();
    await onAll((live) => live.setNetwork(changes));
    network = { ...network, ...changes };
    show();
  }

  async function breakBy(fault, seconds) {
    if (lanes.length === 0) throw new Error(t("compare.nothing-to-break"));
    onDisturbed();
    const answers = await onAll((live) => live.breakBy(fault, seconds));
    return { done: inWords(answers.map(({ done }, index) => [lanes[index].technique.label, done])) };
  }

  function show() {
    const states = [...told.values()];
    const last = (name) => states.reduce((latest, each) => (each[name] === null ? latest : Math.max(latest ?? 0, each[name])), null);
    onState({
      ...CALM, network, vanished: states.some((each) => each.vanished),
      stalled_until: last("stalled_until"), refusing_until: last("refusing_until"),
    });
  }

  return {
    setNetwork, breakBy, show,
    told(lane, session) {
      told.set(lane, session);
      show();
    },
    join(joining) {
      lanes = joining;
      return onAll((live) => live.setNetwork(only((name) => !isLine(name))));
    },
    setLine: () => onAll((live) => live.setNetwork(only(isLine))),
    leave() {
      lanes = [];
      told.clear();
      show();
    },
    now: () => lanes[0]?.store.now() ?? Date.now(),
    /** One way, in ms. */
    transitMs: () => network.delay_ms + network.jitter_ms,
    /** What it is now, to be kept with a run; on a simple one, a message takes just the delay. */
    line: () => ({
      transitMs: network.delay_ms,
      isSimple: AS_IT_IS.every((name) => network[name] === NETWORK[name]),
      words: networkInWords(network),
    }),
  };
}

export function networkInWords(network) {
  const words = [
    network.delay_ms > 0 && t("compare.network.delay", { ms: String(network.delay_ms) }),
    network.jitter_ms > 0 && t("compare.network.jitter", { ms: String(network.jitter_ms), seed: String(network.seed) }),
    network.bandwidth_kbit !== null && t("compare.network.bandwidth", { kbit: String(network.bandwidth_kbit) }),
    network.strip_upgrade && t("compare.network.strip"),
    network.buffer_bytes !== null && t("compare.network.buffer", { bytes: String(network.buffer_bytes) }),
    network.idle_timeout_s !== null && t("compare.network.idle", { seconds: String(network.idle_timeout_s) }),
    network.cache_s !== null && t("compare.network.cache", { seconds: String(network.cache_s) }),
  ].filter(Boolean);
  return words.join(t("compare.comma")) || t("compare.network.plain");
}

/** Each sentence once, with the techniques of which it was said. */
export function inWords(said) {
  const sentences = new Map();
  for (const [label, sentence] of said) sentences.set(sentence, [...(sentences.get(sentence) ?? []), label]);
  if (sentences.size === 1) return t("compare.said", { who: t("compare.all-five"), what: said[0][1] });
  return [...sentences].map(([what, labels]) => t("compare.said", { who: labels.join(t("compare.comma")), what })).join(" ");
}
