/**
 * The two messages as lists of lines, and beside them, on a small screen under the line, what is to be said of one.
 */

import { button, el } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { REQUEST, RESPONSE } from "./lines.js";

const SMALL = "(max-width: 46rem)";
const FIRST_SHOWN = "Sec-WebSocket-Key";

/** @param places - `{ request, response, meaning }`: where each goes. */
export function createMessages(places, { media = window.matchMedia(SMALL) } = {}) {
  const card = el("div.panel.line-meaning", { testid: "meaning", id: "meaning", "aria-live": "polite" });
  const items = [...REQUEST.map((line) => item(line, "request")), ...RESPONSE.map((line) => item(line, "response"))];
  let shown = null;

  function item(line, side) {
    const show = () => choose(made);
    const made = { line, side, row: null, button: null };
    made.button = button(lineText(line), show, {
      class: "header-line", testid: "line", "aria-controls": "meaning", "aria-label": label(line),
      on: { click: show, focus: show, pointerenter: (event) => event.pointerType === "mouse" && show(), keydown: (event) => go(event, made) },
    });
    made.row = el("li", {}, made.button);
    return made;
  }

  function choose(chosen) {
    if (shown === chosen) return;
    shown = chosen;
    for (const each of items) {
      each.button.setAttribute("aria-current", String(each === chosen));
      each.button.dataset.pair = String(each.side !== chosen.side && each.line.pair === chosen.line.pair);
    }
    const before = top(chosen);
    card.replaceChildren(...explanation(chosen.line));
    place();
    if (media.matches) window.scrollBy(0, top(chosen) - before); // so that it stays under the finger
  }

  function go(event, from) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = step && items[items.indexOf(from) + step];
    if (!next) return;
    event.preventDefault();
    next.button.focus();
  }

  function place() {
    const there = media.matches ? shown.row : places.meaning;
    if (card.parentElement !== there) there.append(card);
  }

  places.request.append(el("h3", {}, t("messages.client")), el("ol.lines", {}, items.filter(({ side }) => side === "request").map(({ row }) => row)));
  places.response.append(el("h3", {}, t("messages.server")), el("ol.lines", {}, items.filter(({ side }) => side === "response").map(({ row }) => row)));
  media.addEventListener("change", place);
  choose(items.find(({ line }) => line.name === FIRST_SHOWN));
}

function top({ button: made }) {
  return made.getBoundingClientRect().top;
}

function lineText({ name, value, gone }) {
  if (value === "") return el("span.empty-line", {}, t("messages.empty-line"));
  const text = name ? [el("span.name", {}, `${name}:`), " ", el("span.value", {}, value)] : [el("span.value", {}, value)];
  return el(gone ? "s" : "span", {}, text);
}

function label({ name, value, gone }) {
  if (value === "") return t("messages.empty.label");
  const line = name ? `${name}: ${value}` : value;
  return gone ? t("messages.drafts", { line }) : line;
}

function explanation({ name, value, gone, meaning, setBy, otherwise, source }) {
  const rows = [
    [gone ? t("messages.was") : t("messages.says"), meaning], [t("messages.who"), setBy],
    [gone ? t("messages.today") : t("messages.wrong"), otherwise], [t("messages.source"), source],
  ];
  return [
    el("h3", {}, name ?? (value || t("messages.empty"))),
    gone ? el("p.gone", {}, t("messages.gone")) : null,
    el("dl", {}, rows.map(([title, text]) => el("div", {}, el("dt", {}, title), el("dd", {}, text)))),
  ].filter(Boolean);
}
