/**
 * The twelve experiments, in order; one without `load` is not there yet.
 *
 * To add one, write three things: `experiments/<name>.js`, as page.js says (experiments/waste.js is one to begin from);
 * its texts, `lab.<name>.…`; and here its `load`. The claims are the article's, 1 to 7.
 */

export const LABS = [
  { number: 1, name: "waste", claims: [], techniques: ["short-poll"], load: () => import("./experiments/waste.js") },
  { number: 2, name: "gap", claims: [], techniques: ["long-poll"], load: () => import("./experiments/gap.js") },
  { number: 3, name: "stream", claims: [], techniques: ["sse"], load: null },
  { number: 4, name: "handshake", claims: [1], techniques: ["websocket"], load: null },
  { number: 5, name: "weight", claims: [3], techniques: ["short-poll", "long-poll", "sse", "websocket", "socket-io"], load: null },
  { number: 6, name: "keep-alive", claims: [5], techniques: ["short-poll", "websocket"], load: null },
  { number: 7, name: "cable", claims: [7], techniques: ["short-poll", "long-poll", "sse", "websocket", "socket-io"], load: null },
  { number: 8, name: "proxies", claims: [2], techniques: ["short-poll", "long-poll", "sse", "websocket", "socket-io"], load: null },
  { number: 9, name: "whose-page", claims: [4], techniques: ["websocket"], load: null },
  { number: 10, name: "talking-back", claims: [6], techniques: ["sse", "websocket", "socket-io"], load: null },
  { number: 11, name: "published", claims: [], techniques: ["short-poll", "long-poll", "websocket"], load: null },
  { number: 12, name: "choose", claims: [], techniques: ["short-poll", "long-poll", "sse", "websocket", "socket-io"], load: null },
];

/** The article's seven claims for WebSocket; texts: `labs.claim.<number>` and `labs.verdict.<number>`. */
export const CLAIMS = [1, 2, 3, 4, 5, 6, 7];

export function labNumbered(number) {
  return LABS.find((lab) => lab.number === number);
}

/** The number of the experiment at an address such as /labs/3. */
export function numberInPath(path) {
  return Number(/\/labs\/(\d+)$/.exec(path)?.[1]);
}
