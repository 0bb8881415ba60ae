/**
 * The twelve experiments, in order. The claims are the article's, 1 to 7.
 *
 * To add one, write `experiments/<name>.js` and `experiments/<name>-see.js`, as page.js says (those of `waste` are good to
 * begin from), and its texts, `lab.<name>.…`; then say here that it is there. tests/js/labs-experiments.test.mjs tries its
 * parameters, questions and texts; tests/browser/test_labs.py plays it.
 */

export const LABS = [
  { number: 1, name: "waste", claims: [], techniques: ["short-poll"], isThere: true },
  { number: 2, name: "gap", claims: [], techniques: ["long-poll"], isThere: true },
  { number: 3, name: "stream", claims: [], techniques: ["sse"], isThere: true },
  { number: 4, name: "handshake", claims: [1], techniques: ["websocket"], isThere: true },
  { number: 5, name: "weight", claims: [3], techniques: ["short-poll", "long-poll", "sse", "websocket", "socket-io"], isThere: true },
  { number: 6, name: "keep-alive", claims: [5], techniques: ["short-poll", "websocket"], isThere: true },
  { number: 7, name: "cable", claims: [7], techniques: ["short-poll", "long-poll", "sse", "websocket", "socket-io"], isThere: true },
  { number: 8, name: "proxies", claims: [2], techniques: ["short-poll", "long-poll", "sse", "websocket", "socket-io"], isThere: true },
  { number: 9, name: "whose-page", claims: [4], techniques: ["websocket"], isThere: true },
  { number: 10, name: "talking-back", claims: [6], techniques: ["sse", "websocket", "socket-io"], isThere: true },
  { number: 11, name: "published", claims: [], techniques: ["short-poll", "long-poll", "websocket"], isThere: true },
  { number: 12, name: "choose", claims: [], techniques: ["short-poll", "long-poll", "sse", "websocket", "socket-io"], isThere: true },
];

/** The article's seven claims for WebSocket; texts: `labs.claim.<number>` and `labs.verdict.<number>`. */
export const CLAIMS = [1, 2, 3, 4, 5, 6, 7];

/** What an experiment is: all that its two modules export, with its `name` and `number`. */
export async function loadLab({ name, number }) {
  const [model, pictures] = await Promise.all([import(`./experiments/${name}.js`), import(`./experiments/${name}-see.js`)]);
  return { ...model, ...pictures, name, number };
}

/** Its model alone, which needs no page. */
export async function loadModel({ name, number }) {
  return { ...(await import(`./experiments/${name}.js`)), name, number };
}

export function labNumbered(number) {
  return LABS.find((lab) => lab.number === number);
}

/** The number of the experiment at an address such as /labs/3. */
export function numberInPath(path) {
  return Number(/\/labs\/(\d+)$/.exec(path)?.[1]);
}

/** The same of a sheet's, such as /labs/3/sheet. */
export function numberInSheetPath(path) {
  return Number(/\/labs\/(\d+)\/sheet$/.exec(path)?.[1]);
}
