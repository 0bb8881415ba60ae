/**
 * The network of all five lab sessions at once. What is set while nothing runs is kept for the next run.
 *
 * The proxies are set before the frames load, for they hold for new connections only; the line, such as its delay, once
 * they have loaded, so that a slow line does not keep everybody waiting for files.
 */

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
        throw new Error(`${lane.technique.label}: ${error.message}`);
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
    if (lanes.length === 0) throw new Error("There is nothing to break yet: press Start first.");
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
    network.delay_ms > 0 && `${network.delay_ms} ms each way`,
    network.jitter_ms > 0 && `up to ${network.jitter_ms} ms of jitter (seed ${network.seed})`,
    network.bandwidth_kbit !== null && `${network.bandwidth_kbit} kbit/s`,
    network.strip_upgrade && "a proxy that drops Upgrade",
    network.buffer_bytes !== null && `a proxy that buffers ${network.buffer_bytes} bytes`,
    network.idle_timeout_s !== null && `a proxy with an idle time-out of ${network.idle_timeout_s} s`,
    network.cache_s !== null && `a cache that keeps answers for ${network.cache_s} s`,
  ].filter(Boolean);
  return words.join(", ") || "as it is on this machine";
}

/** Each sentence once, with the techniques of which it was said. */
export function inWords(said) {
  const sentences = new Map();
  for (const [label, sentence] of said) sentences.set(sentence, [...(sentences.get(sentence) ?? []), label]);
  if (sentences.size === 1) return `All five: ${said[0][1]}`;
  return [...sentences].map(([sentence, labels]) => `${labels.join(", ")}: ${sentence}`).join(" ");
}
