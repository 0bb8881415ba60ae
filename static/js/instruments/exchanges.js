/**
 * The last exchanges, newest first: each a line that opens to show what was sent and received.
 */

import { button, el, setText } from "../shell/dom.js";
import { bytes, duration, joined, timeWithMilliseconds } from "../shell/format.js";
import { t } from "../shell/language.js";

const SHOWN = 50;
const GATHER_MS = 120;
const ARROWS = { out: "↑", in: "↓", both: "↕" };

export function createExchangeList(place) {
  const list = el("ol.exchanges", { testid: "exchanges", "aria-label": t("exchanges.label"), tabindex: "0" });
  const empty = el("p.hint", {}, t("exchanges.none"));
  const hold = button(t("exchanges.hold"), toggleHold, { class: "quiet", "aria-pressed": "false", title: t("exchanges.hold.title") });
  const rows = new Map(); // exchange id -> its row
  let gathered = new Map();
  let timer = null;
  let held = false;
  place.append(el("h2", {}, t("exchanges.title", { most: SHOWN }), " ", hold), empty, list);

  function show(exchange) {
    gathered.set(exchange.id, exchange);
    timer ??= setTimeout(paint, GATHER_MS);
  }

  function paint() {
    timer = null;
    if (held) return keepNewest();
    for (const exchange of gathered.values()) showOne(exchange);
    gathered = new Map();
    empty.hidden = rows.size > 0;
    return undefined;
  }

  function showOne(exchange) {
    const row = rows.get(exchange.id);
    if (row) return row.show(exchange);
    const made = createRow(exchange);
    rows.set(exchange.id, made);
    list.prepend(made.element);
    return dropOldest();
  }

  function dropOldest() {
    for (const [id, row] of rows) {
      if (rows.size <= SHOWN) return;
      row.element.remove();
      rows.delete(id);
    }
  }

  function keepNewest() {
    gathered = new Map([...gathered].slice(-2 * SHOWN));
  }

  function toggleHold() {
    held = !held;
    hold.setAttribute("aria-pressed", String(held));
    if (!held) paint();
  }

  return { show };
}

function createRow(first) {
  let exchange = first;
  const parts = {
    arrow: el("span.arrow", { "aria-hidden": "true" }), label: el("span.what"), status: el("span.result"),
    size: el("span.size"), took: el("span.took"), time: el("span.at"),
  };
  const body = el("div.payload");
  const fill = () => showPayload(body, exchange); // at the click, so that it is there when the line opens
  const details = el("details", { on: { toggle: () => details.open && fill() } },
    el("summary", { on: { click: fill } }, Object.values(parts)), body);

  function show(news) {
    exchange = news;
    details.dataset.kind = exchange.kind;
    details.dataset.empty = String(exchange.empty === true);
    details.dataset.done = String(exchange.done);
    details.dataset.failed = String(exchange.status === "failed" || exchange.status >= 400);
    showSummary(parts, exchange);
    if (details.open) showPayload(body, exchange);
  }

  show(first);
  return { element: el("li", {}, details), show };
}

function showSummary(parts, exchange) {
  setText(parts.time, timeWithMilliseconds(exchange.at));
  setText(parts.arrow, ARROWS[exchange.direction]);
  setText(parts.label, exchange.label);
  setText(parts.status, statusText(exchange));
  setText(parts.size, sizeText(exchange));
  setText(parts.took, exchange.direction === "both" && exchange.done ? joined(duration(exchange.durationMs)) : "");
}

function statusText({ status, done, empty, kind }) {
  if (!done) return status === null ? t("exchanges.waiting") : t("exchanges.open", { status: String(status) });
  const text = statusWord(status) ?? kindWord(kind);
  return empty ? t("exchanges.empty", { status: text }) : text;
}

function statusWord(status) {
  return status === "failed" || status === "cancelled" ? t(`exchanges.status.${status}`) : status?.toString();
}

function kindWord(kind) {
  return t(`exchanges.kind.${kind}`);
}

function sizeText({ bytesUp, bytesDown, direction }) {
  const up = direction === "in" || bytesUp === 0 ? "" : `↑ ${joined(bytes(bytesUp))}`;
  const down = direction === "out" || (bytesDown === 0 && up) ? "" : `↓ ${joined(bytes(bytesDown))}`;
  return `${up} ${down}`.trim();
}

function showPayload(body, { direction, kind, about, sent, received, done }) {
  const state = `${about}\n${sent}\n${received}\n${done}`;
  if (body.dataset.state === state) return;
  body.dataset.state = state;
  body.replaceChildren(
    el("p.hint", {}, t("exchanges.about", { kind: kindWord(kind), direction: t(`exchanges.direction.${direction}`) })),
    ...(about ? [el("h3", {}, t("exchanges.known")), payload(about), el("p.hint", {}, t("exchanges.no-headers"))] : []),
    ...(sent ? [el("h3", {}, t("exchanges.sent")), payload(sent)] : []),
    ...(received ? [el("h3", {}, t("exchanges.received")), payload(received)] : []),
    ...(sent || received ? [] : [el("p.hint", {}, done ? t("exchanges.no-payload") : t("exchanges.nothing-yet"))]),
  );
}

function payload(text) {
  return el("pre", { tabindex: "0", dir: "auto" }, text);
}
