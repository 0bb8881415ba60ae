/**
 * What a message cost on the wire: a bar for each technique of the bytes by account, both ways, for each message that
 * its phones received, and the requests. The accounts have their names in the bars where there is room, and in the
 * legend; in a table, so that all of it is text, too.
 */

import { el } from "../shell/dom.js";
import { count, NOT_KNOWN } from "../shell/format.js";
import { t } from "../shell/language.js";
import { ACCOUNTS, bytesText, perMessage, rounded } from "./figures.js";
import { niceEnd } from "./scales.js";

const ROOM_FOR_NAME = 0.14; // of the width

/** @returns `element` and `show(rows)`; a row is `{ key, label, accent, figures }`, figures as the class's state has them. */
export function createBytesBars() {
  const body = el("tbody");
  const legend = el("ul.account-legend", { "aria-hidden": "true" });
  const element = el("div.bytes-bars", { testid: "bytes-bars" },
    el("table", {},
      el("thead", {}, el("tr", {},
        el("th.name", { scope: "col" }, t("pictures.technique")),
        el("th.picture", { scope: "col" }, t("pictures.bytes-per-message")),
        el("th", { scope: "col" }, t("pictures.bytes")),
        el("th", { scope: "col" }, t("pictures.requests-per-message")),
        el("th", { scope: "col" }, t("pictures.received")))),
      body),
    legend);

  function show(rows) {
    const costs = rows.map(({ figures }) => perMessage(figures));
    const end = niceEnd(Math.max(0, ...costs.map((cost) => cost?.total ?? 0)));
    body.replaceChildren(...rows.map((row, index) => rowOf(row, costs[index], end)));
    const used = ACCOUNTS.filter((name) => costs.some((cost) => cost !== null && cost.accounts[name] > 0));
    legend.replaceChildren(...used.map((name) => el("li", {}, el("span.swatch", { data: { account: name } }), accountLabel(name))));
  }

  return { element, show };
}

function rowOf({ key, label, accent, figures }, cost, end) {
  return el("tr", { data: { accent: accent ?? "", row: key } },
    el("th.name", { scope: "row" }, label),
    el("td.picture", {}, cost === null ? null : bar(cost, end)),
    el("td.figure.strong", { data: { figure: "bytes" } }, bytesText(cost?.total)),
    el("td.figure", { data: { figure: "requests" } }, cost === null || cost.requests === null ? NOT_KNOWN : rounded(cost.requests)),
    el("td.figure.less", { data: { figure: "received" } }, count(figures.received)));
}

function bar({ accounts, total }, end) {
  const parts = ACCOUNTS.filter((name) => accounts[name] > 0).map((name) => part(name, accounts[name], end));
  const rest = el("span.rest", { "aria-hidden": "true" });
  rest.style.flexGrow = String(1 - total / end);
  return el("div.bar", {}, parts, rest);
}

function part(name, size, end) {
  const made = el("span.part", { data: { account: name } },
    el("span", { class: size / end >= ROOM_FOR_NAME ? "written" : "offscreen" }, t("pictures.account-of", { account: accountLabel(name), bytes: bytesText(size) })));
  made.style.flexGrow = String(size / end);
  return made;
}

function accountLabel(name) {
  return t(`pictures.account.${name}`);
}
