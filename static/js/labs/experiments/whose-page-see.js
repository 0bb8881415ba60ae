/**
 * What is done and seen of `whose-page`: the account and the other page side by side, the four doors in a table, and the two
 * handshakes by hand.
 */

import { el, setText } from "../../shell/dom.js";
import { rich, t } from "../../shell/language.js";
import { outcomes } from "./whose-page.js";
import { DOORS } from "../whose-page/doors.js";

export { createVisitDo as createDo } from "../whose-page/visit-do.js";

const COLUMNS = ["door", "browser", "server", "read", "booked"];
const BY_HAND = ["unchecked", "checked"];

export function createSee(place) {
  const rows = new Map(DOORS.map(({ key }) => [key, createRow(key)]));
  const hands = new Map(BY_HAND.map((key) => [key, createHand(key)]));
  place.append(
    el("div.wide", { tabindex: "0", role: "region", "aria-label": t("lab.whose-page.doors") },
      el("table.doors", { testid: "doors" },
        el("thead", {}, el("tr", {}, COLUMNS.map((name) => el("th", { scope: "col" }, t(`lab.whose-page.column.${name}`))))),
        el("tbody", {}, [...rows.values()].map(({ element }) => element)))),
    el("h3", {}, t("lab.whose-page.by-hand")),
    el("p.hint", {}, t("lab.whose-page.by-hand.what")),
    el("div.handshakes", {}, [...hands.values()].map(({ element }) => element)));
  return {
    show(results) {
      for (const outcome of outcomes(results)) rows.get(outcome.key).show(outcome);
      for (const [key, hand] of hands) hand.show(results.byHand[key]);
    },
  };
}

function createRow(key) {
  const cells = { said: el("strong"), status: el("strong"), read: el("td.number"), booked: el("td.number") };
  const element = el("tr", { data: { door: key } },
    el("th", { scope: "row" }, t(`lab.whose-page.door.${key}`)),
    el("td", {}, rich(`lab.whose-page.browser.${key}`), " ", cells.said),
    el("td", {}, rich(`lab.whose-page.server.${key}`), " ", cells.status),
    cells.read, cells.booked);

  function show({ said, status, isRead, booked, isThrough }) {
    element.dataset.through = String(isThrough);
    setText(cells.said, said ?? "");
    setText(cells.status, status === null ? "" : t("lab.whose-page.status", { status: String(status) }));
    setText(cells.read, isRead === null ? t("figure.none") : t(isRead ? /* text */ "lab.whose-page.yes" : /* text */ "lab.whose-page.no"));
    setText(cells.booked, booked === null ? t("figure.none") : t("lab.whose-page.booked", { booked }));
  }

  return { element, show };
}

function createHand(key) {
  const lines = el("pre.mono", { tabindex: "0" }, t("figure.none"));
  const element = el("figure.hand", { testid: `hand-${key}` }, el("figcaption", {}, t(`lab.whose-page.door.${key}`)), lines);
  return { element, show: (crossed) => crossed && setText(lines, `${crossed.request.trimEnd()}\n\n${crossed.answer}`) };
}
