/**
 * What is seen of `handshake`: one's own accept value beside the server's, the answer line by line with its bytes, and all
 * that crossed, byte by byte.
 */

import { createCrossed } from "../../handshake/crossed.js";
import { RESPONSE } from "../../handshake/lines.js";
import { el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { createUnitView } from "../../wire/unit-view.js";
import { acceptMark, linesOf } from "../handshake/by-hand.js";
import { figureText } from "../words.js";

export { createHandDo as createDo } from "../handshake/hand-do.js";

const NEEDED = ["", "upgrade", "connection", "sec-websocket-accept", "sec-websocket-protocol"];
const OLD = RESPONSE.filter(({ gone }) => gone).map(({ name }) => name); // of older drafts

export function createSee(place) {
  const accept = createAccept();
  const answer = createAnswer();
  const unitPlace = el("div.unit-place");
  const crossed = createCrossed({ onOpen: (full) => view.show(full) });
  let shown = 0;
  place.append(accept.element, answer.element, el("h3", {}, t("lab.handshake.crossed")), crossed.element, unitPlace);
  const view = createUnitView(unitPlace);
  view.clear();
  return {
    show(results) {
      for (const full of results.crossed.slice(shown)) {
        const row = crossed.add({ ...full, unit: { ...full.unit, sent_at: null } });
        if (full.unit.kind === "response") crossed.open(row);
      }
      shown = results.crossed.length;
      accept.show(results);
      answer.show(results);
    },
  };
}

function createAccept() {
  const cells = { yours: el("dd.mono", { testid: "accept-yours" }), came: el("dd.mono", { testid: "accept-came" }) };
  const verdict = el("p.verdict", { role: "status", testid: "accept-mark" });
  const element = el("div.accept-pair", {},
    el("dl", {}, el("dt", {}, t("lab.handshake.accept.yours")), cells.yours, el("dt", {}, t("lab.handshake.accept.came")), cells.came), verdict);

  function show({ typed, key, accept }) {
    setText(cells.yours, typed.trim());
    setText(cells.came, accept ?? t("figure.none"));
    if (accept === null) return;
    const mark = acceptMark(typed, key, accept);
    verdict.dataset.good = String(mark === "right");
    setText(verdict, t(`lab.handshake.accept.${mark}`));
  }

  return { element, show };
}

/** Below what came stands what did not: the two fields of older drafts. */
function createAnswer() {
  const body = el("tbody");
  const element = el("div.wide", { tabindex: "0", role: "region", "aria-label": t("lab.handshake.answer") },
    el("table.answer-lines", { testid: "answer-lines" },
      el("caption", {}, t("lab.handshake.answer")),
      el("thead", {}, el("tr", {}, ["line", "bytes", "why"].map((name) => el("th", { scope: "col" }, t(`lab.handshake.column.${name}`))))), body));

  function show({ head }) {
    if (head === "") return;
    const lines = linesOf(head);
    const names = lines.map(({ name }) => name);
    body.replaceChildren(
      ...lines.map(({ text, name, bytes }) => row(text || t("messages.empty-line"), figureText(bytes), t(why(name)))),
      row(t("lab.handshake.sum"), figureText(lines.reduce((sum, { bytes }) => sum + bytes, 0)), ""),
      ...OLD.map((name) => row(el("s", {}, `${name}:`), "", t(names.includes(name.toLowerCase()) ? /* text */ "lab.handshake.old.there" : /* text */ "lab.handshake.old.gone"))));
  }

  return { element, show };
}

function row(line, bytes, reason) {
  return el("tr", {}, el("th.mono", { scope: "row" }, line), el("td.number", {}, bytes), el("td", {}, reason));
}

function why(name) {
  if (OLD.some((old) => old.toLowerCase() === name)) return /* text */ "lab.handshake.old.there";
  return NEEDED.includes(name) ? /* text */ "lab.handshake.needed" : /* text */ "lab.handshake.optional";
}
