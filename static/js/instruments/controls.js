/**
 * What can be set: the poll interval, the long poll timeout, Socket.IO's transports; and the doors to the
 * other four techniques, which go on where this one stopped.
 */

import { TECHNIQUES } from "../techniques.js";
import { pageAddress } from "../shell/base.js";
import { el, field } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { forBrowser } from "../shell/storage.js";

const INTERVAL_S = { least: 0.1, most: 60, usual: 2 };
const TIMEOUT_S = { least: 1, most: 55, usual: 25 };
const STOPS_TYPING_MS = 600;
const TRANSPORTS = {
  upgrade: { label: t("controls.upgrade"), transports: ["polling", "websocket"] },
  polling: { label: t("controls.polling"), transports: ["polling"] },
  websocket: { label: t("controls.websocket"), transports: ["websocket"] },
};

/** The settings of a technique as they were chosen last, in the transports' words. */
export function chosenSettings(technique) {
  if (technique === "short-poll") return { intervalMs: 1000 * within(forBrowser.get("interval-s"), INTERVAL_S) };
  if (technique === "long-poll") return { timeoutS: Math.round(within(forBrowser.get("timeout-s"), TIMEOUT_S)) };
  if (technique === "socket-io") return { transports: chosenTransports().transports };
  return {};
}

/** Whether a technique with these settings keeps one of the browser's six connections. */
export function holdsConnection(technique) {
  if (technique.name === "socket-io") return chosenTransports() === TRANSPORTS.polling;
  return technique.holds;
}

function within(value, { least, most, usual }) {
  return typeof value === "number" && value >= least && value <= most ? value : usual;
}

function chosenTransports() {
  return TRANSPORTS[forBrowser.get("transports")] ?? TRANSPORTS.upgrade;
}

/**
 * @param {(settings: object) => void} onChange - takes effect at once.
 * @param {() => void} onTransports - needs a new connection.
 */
export function createControls(place, { technique, room, onChange, onTransports }) {
  const setting = {
    "short-poll": () => secondsField(t("controls.interval"), "poll-interval", "interval-s", INTERVAL_S, 0.1, technique, onChange),
    "long-poll": () => secondsField(t("controls.timeout"), "long-poll-timeout", "timeout-s", TIMEOUT_S, 1, technique, onChange),
    "socket-io": () => transportsField(onTransports),
  }[technique];
  place.append(el("div.controls", {}, setting ? setting() : null, doors(technique, room)));
}

function secondsField(label, testid, key, range, step, technique, onChange) {
  const input = el("input", {
    type: "number", testid, min: range.least, max: range.most, step, value: within(forBrowser.get(key), range),
    required: true, inputmode: "decimal",
  });
  let typing = null;
  const apply = () => {
    clearTimeout(typing);
    if (!input.checkValidity()) return input.reportValidity();
    forBrowser.set(key, Number(input.value));
    return onChange(chosenSettings(technique));
  };
  input.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(apply, STOPS_TYPING_MS);
  });
  input.addEventListener("change", apply);
  return field(label, input, t("controls.range", { least: range.least, most: range.most }));
}

function transportsField(onTransports) {
  const input = el("select", { testid: "transports" }, Object.entries(TRANSPORTS).map(([value, { label }]) =>
    el("option", { value, selected: TRANSPORTS[value] === chosenTransports() }, label)));
  input.addEventListener("change", () => {
    forBrowser.set("transports", input.value);
    onTransports();
  });
  return field(t("controls.transports"), input);
}

function doors(current, room) {
  const others = TECHNIQUES.filter((each) => each.name !== current);
  return el("div.doors", { role: "group", "aria-labelledby": "doors-label" },
    el("span.label", { id: "doors-label" }, t("controls.go-on")),
    others.map(({ name, label }) => el("a.door", {
      href: pageAddress(name, room), testid: `continue-by-${name}`, data: { accent: name },
      title: t("controls.go-on.title"),
    }, label)));
}
