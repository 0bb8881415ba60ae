/**
 * The last exchanges, newest first: each a line that opens to show what was sent and received.
 */

import { button, el, setText } from "../shell/dom.js";
import { bytes, duration, joined, timeWithMilliseconds } from "../shell/format.js";

const SHOWN = 50;
const GATHER_MS = 120;
const ARROWS = { out: "↑", in: "↓", both: "↕" };
const DIRECTIONS = { out: "up", in: "down", both: "both ways" };

export function createExchangeList(place) {
  const list = el("ol.exchanges", { testid: "exchanges", "aria-label": "Last exchanges, newest first", tabindex: "0" });
  const empty = el("p.hint", {}, "Nothing has crossed the wire yet.");
  const hold = button("Hold", toggleHold, { class: "quiet", "aria-pressed": "false", title: "Stop the list to read it; the meters go on" });
  const rows = new Map(); // exchange id -> its row
  let gathered = new Map();
  let timer = null;
  let held = false;
  place.append(el("h2", {}, `Last ${SHOWN} exchanges `, hold), empty, list);

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
  if (!done) return status === null ? "waiting…" : `${status}, open`;
  const text = String(status ?? kind);
  return empty ? `${text} empty` : text;
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
    el("p.hint", {}, `${kind}, ${DIRECTIONS[direction]}; payload only, as far as a script sees it`),
    ...(about ? [el("h3", {}, "Known"), payload(about), el("p.hint", {}, "A script cannot see the headers: the browser's developer tools show them.")] : []),
    ...(sent ? [el("h3", {}, "Sent"), payload(sent)] : []),
    ...(received ? [el("h3", {}, "Received"), payload(received)] : []),
    ...(sent || received ? [] : [el("p.hint", {}, done ? "No payload." : "Nothing yet.")]),
  );
}

function payload(text) {
  return el("pre", { tabindex: "0", dir: "auto" }, text);
}
