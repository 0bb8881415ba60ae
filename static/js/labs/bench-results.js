/**
 * The figures of a bench, at any moment: plain data, from which an experiment takes what it asks for.
 */

import { wireOf } from "../compare/figures.js";
import { summaryOf } from "./tally.js";

/**
 * @returns {object} `state`, `startedAt` (by the server's clock, null before), `seconds` measured so far (messages are published meanwhile), `published` (how many), the
 *   `messages` themselves as the feed has them, `clockErrorMs`,
 *   `disturbed` (a list of "hidden", "changed" and "busy"), and `lanes`, for each:
 *   - `key`, `label`, `technique`, `settings`, `network`, `state` of the connection, all its `states` `{at, state}`, what it sent itself, `sends` `{at, ackMs, id}`, and its traffic `store`;
 *   - `received`, `lost`, `doubled`, `leftOut`: messages;
 *   - `delays`: all of them `{at, ms}`, and of them `delay`: `{count, mean, error, median, p95, max}`, in ms;
 *   - `answers`: `{at, ms, status, empty, messages}`, one for each; `during`: the `requests` and `empty` ones of the
 *     time in which messages were published;
 *   - since the connection began: `requests`, `emptyAnswers`, `opened` (TCP connections), `bytesUp`, `bytesDown`,
 *     `accounts` (bytes of both ways by account).
 */
export function resultsOf(bench) {
  const { startedAt, endedAt, published, clock, plan, state, disturbed } = bench;
  const until = endedAt ?? bench.serverNow();
  const ids = new Set(published.keys());
  return {
    state, startedAt,
    seconds: startedAt === null ? 0 : Math.min(plan.seconds, (until - startedAt) / 1000),
    published: published.size,
    messages: bench.messages,
    clockErrorMs: clock?.uncertaintyMs ?? null,
    disturbed: [...disturbed],
    lanes: bench.lanes.map((lane) => laneResults(lane, ids, startedAt, until)),
  };
}

function laneResults(lane, ids, from, until) {
  const { tally, store, technique, plan } = lane;
  const during = from === null ? [] : tally.answers.filter(({ at }) => at >= from && at < until);
  return {
    key: lane.key, label: lane.label, technique: technique.name, store, settings: plan.settings ?? {}, network: plan.network ?? {}, state: lane.state, states: lane.states, sends: lane.sends,
    ...tally.counts(ids),
    delays: tally.delays,
    delay: summaryOf(tally.delays.map(({ ms }) => ms)),
    answers: tally.answers,
    during: { requests: during.length, empty: during.filter(({ empty }) => empty).length },
    opened: store.opened(technique.name),
    ...wireOf(store),
  };
}
