/**
 * What is seen of what a message costs: bytes by account for each technique, deflate, and base64 against binary.
 */

import { createBytesBars } from "../../class/bytes-bars.js";
import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { canDeflate, createDeflated } from "../deflated.js";
import { createBars } from "../pictures/bars.js";
import { createLaneTable } from "../pictures/lane-table.js";
import { figureText } from "../words.js";
import { deflatedShare, jsonBytes, PACKET_BYTES, pictureRows } from "./weight.js";

const DEFLATE_EVERY = 8; // messages: it is no use to compress them all four times a second

export function createSee(place, { parameters: { textBytes, pictureBytes } }) {
  place.append(el("h3", {}, t("lab.weight.picture.accounts")));
  const bars = createBytesBars();
  place.append(el("div.wide", { tabindex: "0", role: "region", "aria-label": t("lab.weight.picture.accounts") }, bars.element));
  const table = createLaneTable(place, [
    { label: t("pictures.account.payload"), text: each("payload") },
    { label: t("pictures.account.framing"), strong: true, text: each("framing") },
    { label: t("pictures.account.http_headers"), strong: true, text: each("http_headers") },
    { label: t("lab.weight.column.once"), text: (lane) => perMessage(lane, lane.accounts.handshake + lane.accounts.heartbeat) },
    { label: t("lab.weight.column.all"), strong: true, text: (lane) => perMessage(lane, allBytes(lane)) },
    { label: t("lab.weight.column.packets"), text: (lane) => perMessage(lane, PACKET_BYTES * unitsOf(lane)) },
    { label: t("labs.column.samples"), text: ({ received }) => figureText(received) },
  ]);
  place.append(el("p.hint", {}, t("lab.weight.column.hint", { bytes: PACKET_BYTES })));
  const deflate = createDeflatePicture(place, textBytes);
  place.append(pictureTable(pictureBytes));
  return {
    show(results) {
      bars.show(results.lanes.map(({ key, label, technique, accounts, received, requests }) => ({
        key, label, accent: technique, figures: { bytes: { up: accounts, down: {} }, received, messages: received, requests },
      })));
      table.show(results);
      deflate.show(results);
    },
  };
}

// ---- by account

const sum = (values) => values.reduce((all, one) => all + one, 0);
const allBytes = ({ accounts }) => sum(Object.values(accounts));
const unitsOf = ({ store, technique }) => store.units.filter((unit) => unit.technique === technique).length;

function each(account) {
  return (lane) => perMessage(lane, lane.accounts[account]);
}

function perMessage({ received }, bytes) {
  return received === 0 ? t("figure.none") : figureText(bytes / received, bytes / received < 10 ? 1 : 0);
}

// ---- deflate

function createDeflatePicture(place, textBytes) {
  const expected = deflatedShare(textBytes);
  const bars = createBars(place, {
    title: t("lab.weight.picture.deflate"),
    rows: ["plain", "alone", "together"].map((key) => ({ key, label: t(`lab.weight.deflate.${key}`), accent: "websocket" })),
  });
  const source = el("p.hint", { testid: "deflate-source" }, t(canDeflate() ? /* text */ "lab.weight.deflate.measured" : /* text */ "lab.weight.deflate.table"));
  place.append(source);
  const deflated = createDeflated();
  let done = 0;
  const bytes = (value) => t("lab.weight.bytes", { bytes: figureText(value) });
  const rowOf = (plain, value) => ({ value, text: t("lab.weight.deflate.figure", { bytes: bytes(value), share: figureText((100 * value) / plain) }) });
  const paint = (plain, alone, together) => bars.show({ plain: rowOf(plain, plain), alone: rowOf(plain, alone), together: rowOf(plain, together) }, { most: plain });
  if (!canDeflate()) paint(jsonBytes(textBytes), (expected.alone * jsonBytes(textBytes)) / 100, (expected.kept * jsonBytes(textBytes)) / 100);

  async function show({ messages, state }) {
    const isEnd = state !== "running" && messages.length !== done;
    if (!canDeflate() || (!isEnd && messages.length < done + DEFLATE_EVERY)) return;
    done = messages.length;
    const news = await deflated.take(messages.map((message) => JSON.stringify(message)));
    if (news !== null) paint(news.plain / news.count, news.alone / news.count, news.together / news.count);
  }

  return { show };
}

// ---- a picture

function pictureTable(own) {
  const head = (key) => el("th", { scope: "col" }, t(`lab.weight.base64.${key}`));
  const cell = (value) => el("td.number", {}, figureText(value));
  return el("section", {},
    el("h3", {}, t("lab.weight.picture.base64")),
    el("div.wide", { tabindex: "0", role: "region", "aria-label": t("lab.weight.picture.base64") },
      el("table.base64-table", { testid: "base64-table" },
        el("thead", {}, el("tr", {}, ["bytes", "binary-header", "binary", "base64-header", "base64", "more"].map(head))),
        el("tbody", {}, pictureRows(own).map(({ bytes, isOwn, binary, base64, headers }) =>
          el("tr", { data: { own: String(isOwn) } },
            el("th.number", { scope: "row" }, isOwn ? t("lab.weight.base64.own", { bytes: figureText(bytes) }) : figureText(bytes)),
            cell(headers[0]), cell(binary), cell(headers[1]), cell(base64),
            el("td.number", {}, `${figureText(100 * (base64 / binary - 1))} %`)))))));
}
