/** The published figures beside those that are measured here, and what else can be reproduced with which command. */

import { el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { figureText } from "../words.js";
import { CLIENTS, FRAME_BYTES, HEADS_BYTES, HEADS_BYTES_ON_THE_WIRE, MEGABITS, megabits } from "./arithmetic.js";

const HEADS = ["what", "theirs", "by-rules", "yours"];
const OTHERS = ["kaazing", "aquilio", "vandevyvere", "pimentel", "rfc6202"];

export function createPublishedTable(place) {
  const rows = ROWS.map(({ accent, label, theirs, rules, yours }) => {
    const cell = el("td.number", { data: { strong: "true", cell: "yours" } });
    return { yours, cell, element: el("tr", { data: { accent } }, el("th", { scope: "row" }, label()), el("td.number", {}, theirs), el("td.number", {}, rules), cell) };
  });
  place.append(
    el("div.wide", { tabindex: "0", role: "region", "aria-label": t("lab.published.table") },
      el("table.lanes-table.published-table", { testid: "published-table" },
        el("thead", {}, el("tr", {}, HEADS.map((name) => el("th", { scope: "col" }, t(`lab.published.column.${name}`))))),
        el("tbody", {}, rows.map(({ element }) => element)))),
    el("details.more", {}, el("summary", {}, t("lab.published.others")),
      el("ul.qualities", {}, OTHERS.map((name) => el("li", {}, el("code", {}, `python -m benchmarks preset ${name}`), " ", t(`lab.published.other.${name}`))))));

  return {
    /** @param {object} overheads - experiments/published.js's. */
    show(overheads) {
      for (const { yours, cell } of rows) setText(cell, yours(overheads));
    },
  };
}

const bytes = (value) => t("labs.figure", { figure: figureText(value, 1), unit: t("unit.B") });
const mbit = (value) => figureText(value, value < 2 ? 3 : value < 100 ? 1 : 0);
const orNone = (mean, text) => (mean === null ? t("figure.none") : text(mean.value));

const ROWS = [
  { accent: "short-poll", label: () => t("lab.published.row.question"), theirs: "", rules: bytes(716), yours: ({ question }) => orNone(question, bytes) },
  { accent: "short-poll", label: () => t("lab.published.row.answer"), theirs: "", rules: bytes(193), yours: ({ answer }) => orNone(answer, bytes) },
  { accent: "short-poll", label: () => t("lab.published.row.heads"), theirs: bytes(HEADS_BYTES), rules: bytes(HEADS_BYTES_ON_THE_WIRE), yours: ({ heads }) => orNone(heads, bytes) },
  ...CLIENTS.map((clients, index) => ({
    accent: "short-poll", label: () => t("lab.published.row.poll", { clients }), theirs: mbit(MEGABITS.poll[index]), rules: mbit(megabits(HEADS_BYTES_ON_THE_WIRE, clients)),
    yours: ({ heads }) => orNone(heads, (value) => mbit(megabits(value, clients))),
  })),
  { accent: "websocket", label: () => t("lab.published.row.frame"), theirs: bytes(FRAME_BYTES), rules: t("lab.published.two-or-four"), yours: ({ frame }) => orNone(frame, bytes) },
  ...CLIENTS.map((clients, index) => ({
    accent: "websocket", label: () => t("lab.published.row.socket", { clients }), theirs: mbit(MEGABITS.socket[index]),
    rules: `${mbit(megabits(2, clients))} / ${mbit(megabits(4, clients))}`, yours: ({ frame }) => orNone(frame, (value) => mbit(megabits(value, clients))),
  })),
  {
    accent: "", label: () => t("lab.published.row.factor"), theirs: figureText(HEADS_BYTES / FRAME_BYTES, 0), rules: `${figureText(HEADS_BYTES_ON_THE_WIRE / 2, 0)} / ${figureText(HEADS_BYTES_ON_THE_WIRE / 4, 0)}`,
    yours: ({ heads, frame }) => (heads === null || frame === null ? t("figure.none") : figureText(heads.value / frame.value, 0)),
  },
];
