/**
 * The rooms on this server and who is in them, by technique. Fitting the subject, this table is itself
 * kept up to date by short polling: one small request every few seconds, most of them for nothing.
 */

import { TECHNIQUES } from "../techniques.js";
import { pageAddress } from "./base.js";
import { el, setText } from "./dom.js";
import { count } from "./format.js";
import { t } from "./language.js";

const ASK_EVERY_MS = 3000;
const SHOWN_ROOMS = 50;

/** @param {(told: object | null) => void} options.onClass - told each time which class is on here, if there is one. */
export function createRooms(place, { url, current, onClass = () => {}, fetch = window.fetch.bind(window), timers = window }) {
  const body = el("tbody");
  const note = el("p.hint", { role: "status" }, t("rooms.asking"));
  const table = el("table.rooms", { hidden: true }, head(), body);
  let timer = null;
  let shown = "";
  place.append(el("div.wide", { tabindex: "0", role: "region", "aria-label": t("rooms.label") }, table), note);

  async function ask() {
    try {
      const response = await fetch(url, { cache: "no-store" });
      if (!response.ok) throw new Error(t("rooms.status", { status: String(response.status) }));
      const told = await response.json();
      onClass(told.class ?? null);
      show(told.rooms);
    } catch (error) {
      const seconds = ASK_EVERY_MS / 1000;
      const isUnknown = error instanceof TypeError; // the browser says only that it failed
      setText(note, isUnknown ? t("rooms.away", { seconds }) : t("rooms.away-because", { reason: error.message, seconds }));
    }
    timer = timers.setTimeout(ask, ASK_EVERY_MS);
  }

  function show(rooms) {
    const state = JSON.stringify(rooms);
    setText(note, rooms.length === 0 ? t("rooms.none") : t("rooms.asked", { seconds: ASK_EVERY_MS / 1000 }));
    if (state === shown) return;
    shown = state;
    table.hidden = rooms.length === 0;
    const busiest = [...rooms].sort((one, other) => total(other) - total(one) || other.messages - one.messages);
    body.replaceChildren(...busiest.slice(0, SHOWN_ROOMS).map((each) => row(each, current)));
  }

  window.addEventListener("pagehide", () => timers.clearTimeout(timer));
  window.addEventListener("pageshow", (event) => event.persisted && ask());
  ask();
}

function head() {
  return el("thead", {}, el("tr", {},
    el("th", { scope: "col" }, t("rooms.room")), el("th.number", { scope: "col" }, t("rooms.messages")),
    TECHNIQUES.map(({ name, label }) => el("th.number", { scope: "col", data: { accent: name } }, label))));
}

function row({ name, messages, subscribers }, current) {
  return el("tr", {},
    el("th", { scope: "row" }, el("a", { href: pageAddress(null, name), "aria-current": name === current ? "true" : null }, name)),
    el("td.number", {}, count(messages)),
    TECHNIQUES.map((technique) => el("td.number", {}, count(subscribers[technique.name] ?? 0))));
}

function total({ subscribers }) {
  return Object.values(subscribers).reduce((sum, each) => sum + each, 0);
}
