/**
 * What is seen of the proxies: who delivers in time behind each, lane by lane, and three ladders that say how.
 */

import { t } from "../../shell/language.js";
import { TECHNIQUES } from "../../techniques.js";
import { el, setText } from "../../shell/dom.js";
import { createBars } from "../pictures/bars.js";
import { createLadders } from "../pictures/ladders.js";
import { createLaneTable } from "../pictures/lane-table.js";
import { summaryOf } from "../tally.js";
import { figureText } from "../words.js";
import { behindProxy, fillS, isBehindProxy, lanesBehind, PROXIES, requestsAfter, survives } from "./proxies.js";

const TELLING = ["websocket.strip", "socket-io.strip", "sse.buffer"]; // refused; fallen back; held
const SHOWN_FILLS = 1.5; // of the buffer, in the ladders

export function createSee(place, { parameters }) {
  const phase = el("p", { testid: "phase" });
  const pair = el("div.curves");
  place.append(phase, pair);
  const bars = new Map(PROXIES.map((proxy) => [proxy, createBars(pair, {
    title: t(`lab.proxies.picture.${proxy}`), rows: TECHNIQUES.map(({ name, label }) => ({ key: name, label, accent: name })),
  })]));
  let now = null;
  const of = (lane) => (isBehindProxy(now) ? behindProxy(lane, now) : null);
  const orNone = (value, text) => (value === null || value === undefined ? t("figure.none") : text(value));
  const delay = (lane) => summaryOf(of(lane)?.delays ?? []);
  const table = createLaneTable(place, [
    { label: t("lab.proxies.column.verdict"), strong: true, text: (lane) => (isBehindProxy(now) ? wordOf(lane) : t("figure.none")) },
    { label: t("lab.proxies.column.came"), text: (lane) => orNone(of(lane), ({ delays, sent }) => t("lab.proxies.came", { came: figureText(delays.length), sent: figureText(sent) })) },
    { label: t("lab.proxies.column.in-time"), strong: true, text: (lane) => orNone(of(lane)?.share, ({ value }) => `${figureText(100 * value)} %`) },
    { label: t("labs.column.mean"), text: (lane) => orNone(delay(lane).mean, ms) },
    { label: t("labs.column.max"), text: (lane) => orNone(delay(lane).max, ms) },
    { label: t("lab.proxies.column.requests"), text: (lane) => (isBehindProxy(now) ? figureText(requestsAfter(lane, now)) : t("figure.none")) },
  ]);
  const ladders = createLadders(place, 1000 * SHOWN_FILLS * fillS(parameters));

  function wordOf(lane) {
    if (survives(lane, now)) return t("lab.proxies.delivers");
    return of(lane).delays.length === 0 ? t("lab.proxies.silent") : t("lab.proxies.late");
  }

  function showBars(results) {
    for (const proxy of PROXIES) {
      const rows = lanesBehind(results, proxy).map((lane) => {
        const share = of(lane)?.share ?? null;
        return [lane.technique, { value: share && share.value, text: share === null ? t("figure.none") : `${figureText(100 * share.value)} %` }];
      });
      bars.get(proxy).show(Object.fromEntries(rows), { most: 1 });
    }
  }

  return {
    show(results) {
      now = results;
      setText(phase, t(isBehindProxy(results) ? /* text */ "lab.proxies.phase.behind" : /* text */ "lab.proxies.phase.before"));
      showBars(results);
      table.show(results);
      ladders.show({ ...results, lanes: results.lanes.filter(({ key }) => TELLING.includes(key)) });
    },
  };
}

const ms = (value) => `${figureText(value)} ms`;
