/**
 * Which technique to take, and why. A rule that is said beside the verdict, so that one may think otherwise:
 *
 * 1. What does not keep the delay, or needs more than one core or the uplink, is out.
 * 2. Short polling, if it costs little (a tenth of a core and of the uplink at most): the least that can break. It holds no
 *    connection, passes every proxy, and goes on by itself after any break.
 * 3. Else, of SSE and WebSocket, SSE: it reconnects by itself. But WebSocket where users send once a second or more, for each
 *    POST is a whole request; and where it costs clearly less.
 * 4. Else what is left, by the processor's time; without measurements by requests.
 */

const LITTLE = 0.1; // of a core, of the uplink
const CLEARLY = 0.8;
const OFTEN = 1; // a second

/**
 * @param {object[]} costs - model.js's `decide`.
 * @param {{sends: number}} use - what each user sends, a second.
 * @returns {{take: string | null, why: string, cheapest: string | null, fit: string[]}} `why`: a text
 *   `lab.choose.why.<why>`; `cheapest` by processor, or by requests where costs are unknown (null where several are equal).
 */
export function verdictOf(costs, { sends }) {
  const fit = costs.filter(({ fails }) => fails.length === 0);
  const cheapest = cheapestOf(fit);
  return { ...choice(fit, cheapest, sends), cheapest: cheapest?.name ?? null, fit: fit.map(({ name }) => name) };
}

function choice(fit, cheapest, sends) {
  const named = (name) => fit.find((each) => each.name === name) ?? null;
  const [polls, sse, socket] = ["short-poll", "sse", "websocket"].map(named);
  if (fit.length === 0) return { take: null, why: "none" };
  if (polls !== null && costsLittle(polls)) return { take: "short-poll", why: "little" };
  if (sse !== null && socket !== null && (sends >= OFTEN || isClearlyLess(socket, sse))) return { take: "websocket", why: "talks" };
  if (sse !== null) return { take: "sse", why: costsKnown(sse) ? "push" : "push-unknown" };
  if (socket !== null) return { take: "websocket", why: "left" };
  return { take: (cheapest ?? fit[0]).name, why: "left" };
}

function costsLittle({ cores, share }) {
  return cores !== null && share !== null && cores <= LITTLE && share <= LITTLE;
}

function isClearlyLess(one, other) {
  return costsKnown(one) && costsKnown(other) && one.cores < CLEARLY * other.cores;
}

function costsKnown({ cores }) {
  return cores !== null;
}

/** The one that costs least, and less than any other; null where there is none. */
function cheapestOf(fit) {
  const by = fit.every(costsKnown) ? "cores" : "requests";
  const sorted = [...fit].sort((one, other) => one[by] - other[by]);
  return sorted.length > 0 && (sorted.length === 1 || sorted[0][by] < sorted[1][by]) ? sorted[0] : null;
}
