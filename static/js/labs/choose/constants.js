/**
 * This machine's constants: what each technique cost in the last benchmark here, for one request, one delivery, one
 * message sent. They come from `/api/measured`, the results.json of `make bench` (docs/results.md says what each field is);
 * where nothing was measured there are none, and none is made up.
 *
 * What a delivery costs depends on how many are served at once, for a part is paid once for a message: waking, encoding. Where
 * a technique was measured with different numbers of readers (`--sweep clients=100,1000`), the processor's time is taken apart
 * into so much for a broadcast and so much for a request or delivery, by least squares of the shares by which they miss.
 * Else all of it is the deliveries', and further from the measurement it is further off. Of several runs the other figures
 * are those of the one whose readers and rate are nearest to what is asked, by their ratio; repeats of it are added up.
 */

export const POLLS = ["short-poll", "long-poll"];

/**
 * @param {object | null} results - results.json.
 * @param {{users: number, rate: number}} near - readers, and messages a second.
 * @returns {object | null} `techniques`: by name, each or null:
 *   - `cpuUs` of the server's processor for one `unit`: a "request" of a poll, a "delivery" of a stream; and
 *     `broadcastUs` for one message to however many, beside its publishing (0 where that is not known; `fitted` says);
 *   - `kibPerUser`, memory of the server for one reader, or null;
 *   - `envelopeBytes`: what the JSON of a message has besides its text; `framingBytes` around one `unit`;
 *   - `headUp`, `headDown`: of one request of a poll;
 *   - `send`: `{ cpuUs, up, down, textBytes }` of one message sent in the technique's own way, or null;
 *   - `at`: `{ clients, rate, textBytes }`, where it was measured.
 *   Beside them `postCpuUs` of one message published by POST; `created`, `cpu`, `browserHeads`, `command`.
 */
export function constantsOf(results, near) {
  if (results === null || results.schema !== 1 || !Array.isArray(results.runs)) return null;
  const { metadata, settings } = results;
  const runs = results.runs.filter(({ received, seconds }) => received > 0 && seconds > 0).map((run) => ({ ...settings, ...run.point, ...run }));
  if (runs.length === 0) return null;
  const postCpuUs = meanOf(runs.filter(({ sending }) => sending?.way === "POST").map(({ sending }) => sending.server_cpu_us_per_message));
  const names = [...new Set(runs.map(({ technique }) => technique))];
  return {
    techniques: Object.fromEntries(names.map((name) => [name, ofTechnique(runs.filter(({ technique }) => technique === name), near, postCpuUs)])),
    postCpuUs,
    created: metadata.created,
    cpu: metadata.machine.cpu,
    browserHeads: settings.browser_headers,
    command: commandOf(results),
  };
}

/** The runs at the point that is nearest to what is asked. */
function nearest(runs, { users, rate }) {
  const far = (run) => Math.abs(Math.log(run.clients / users)) + Math.abs(Math.log(Math.max(run.rate, 1e-3) / rate));
  const least = Math.min(...runs.map(far));
  return runs.filter((run) => far(run) <= least + 1e-9);
}

function ofTechnique(all, near, postCpuUs) {
  const runs = nearest(all, near);
  const sum = (of) => runs.reduce((total, run) => total + of(run), 0);
  const [{ technique, clients, rate, text_bytes: textBytes }] = runs;
  const isPoll = POLLS.includes(technique);
  const received = sum((run) => run.received);
  const requests = sum((run) => run.requests);
  return {
    ...cpuOf(technique === "short-poll" ? runs : all, runs, postCpuUs ?? 0),
    unit: isPoll ? "request" : "delivery",
    kibPerUser: meanOf(runs.map((run) => run.server_kib_per_client)),
    envelopeBytes: sum(({ accounts }) => accounts.received.payload) / received - textBytes,
    framingBytes: sum(({ accounts }) => accounts.received.framing) / (isPoll ? requests : received),
    headUp: isPoll ? sum(({ accounts }) => accounts.sent.http_headers) / requests : 0,
    headDown: isPoll ? sum(({ accounts }) => accounts.received.http_headers) / requests : 0,
    send: sendOf(runs, textBytes),
    at: { clients, rate, textBytes },
  };
}

/** The processor's time for reading, beside what publishing takes: by unit and broadcast, or by unit alone. */
function cpuOf(all, runs, postCpuUs) {
  const rows = (list) => list.map((run) => ({ broadcasts: run.published, units: unitsOf(run), us: run.server_cpu_s * 1e6 - run.published * postCpuUs }));
  const fit = new Set(all.map(({ clients }) => clients)).size > 1 ? leastSquares(rows(all)) : null;
  if (fit !== null) return { ...fit, fitted: true };
  const sums = rows(runs).reduce((sum, row) => ({ units: sum.units + row.units, us: sum.us + row.us }), { units: 0, us: 0 });
  return { cpuUs: sums.us > 0 ? sums.us / sums.units : null, broadcastUs: 0, fitted: false };
}

/** us = broadcastUs × broadcasts + cpuUs × units, each row divided by its us; null where that is no sense. */
function leastSquares(rows) {
  if (rows.some(({ us }) => us <= 0)) return null;
  const sum = (of) => rows.reduce((total, { broadcasts, units, us }) => total + of(broadcasts / us, units / us), 0);
  const [bb, bu, uu, b, u] = [(x) => x * x, (x, y) => x * y, (_, y) => y * y, (x) => x, (_, y) => y].map(sum);
  const determinant = bb * uu - bu * bu;
  const [broadcastUs, cpuUs] = [(b * uu - u * bu) / determinant, (u * bb - b * bu) / determinant];
  return broadcastUs >= 0 && cpuUs > 0 && Number.isFinite(cpuUs) ? { cpuUs, broadcastUs } : null;
}

function unitsOf(run) {
  return POLLS.includes(run.technique) ? unitsWhilePublished(run) : run.received;
}

/**
 * The requests of the time in which the server's processor time was taken. A short poll comes every T whatever happens.
 * Of long polls two for each reader are before it (one asks where the feed is, one is then held), and one is still held
 * at the end.
 */
function unitsWhilePublished({ technique, requests, seconds, read_s: readS, clients }) {
  if (technique === "short-poll") return requests * Math.min(1, seconds / readS);
  return Math.max(1, requests - 2 * clients);
}

/** What was sent: the openings are not the message's. */
function sendOf(runs, textBytes) {
  const sent = runs.map(({ sending }) => sending).filter((sending) => sending && sending.messages > 0);
  if (sent.length === 0) return null;
  const messages = sent.reduce((total, { messages: each }) => total + each, 0);
  const bytes = (way, total) => sent.reduce((all, sending) => all + sending[total] - sending.accounts[way].handshake, 0) / messages;
  return {
    cpuUs: meanOf(sent.map(({ server_cpu_us_per_message: each }) => each)),
    up: bytes("sent", "bytes_sent"),
    down: bytes("received", "bytes_received"),
    way: sent[0].way,
    textBytes,
  };
}

/** The call that measures the same again; what is as usual is left out. */
function commandOf({ kind, settings: { clients, rate, text_bytes: textBytes, duration_s: seconds, browser_headers: browser }, sweep }) {
  const swept = Object.entries(sweep ?? {}).map(([name, values]) => `--sweep ${name}=${values.join(",")}`);
  return [
    `python -m benchmarks ${kind}`, `--clients ${clients}`, `--rate ${rate}`, `--text-bytes ${textBytes}`, `--duration ${seconds}`, ...swept,
    ...(browser ? ["--browser-headers"] : []),
  ].join(" ");
}

function meanOf(values) {
  const known = values.filter((value) => value !== null && value !== undefined);
  return known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0) / known.length;
}
