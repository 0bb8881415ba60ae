/**
 * What the projector can show, by the names that the console knows. Each is made with the conversation's source, and has an
 * `element` and `show(state)`.
 */

import { TECHNIQUES } from "../../techniques.js";
import { address } from "../../shell/base.js";
import { el, setText } from "../../shell/dom.js";
import { count } from "../../shell/format.js";
import { t } from "../../shell/language.js";
import { createBytesBars } from "../bytes-bars.js";
import { createDistribution } from "../distribution.js";
import { createOutcomeTable } from "../outcome-table.js";
import { createPredictions } from "../predictions.js";
import { createResultsTable } from "../results-table.js";
import { unitText } from "../figures.js";
import { techniqueLabel } from "../words.js";
import { createChatView } from "./chat-view.js";
import { viewOf } from "./stage.js";

const NEW_FOR = 12; // the names that arrived last

export const VIEWS = {
  address: joining, people, delays, bytes, faults, experiment, chat: createChatView, nothing,
};

/** Of a recorded class nobody needs the QR code. */
function joining({ messages }) {
  const link = el("p.join-address", { testid: "join-address" });
  const many = el("p.many", { role: "status" });
  const latest = el("ul.names");
  const qr = messages === undefined ? el("img.qr", { src: address("api/class/qr.svg").href, alt: t("console.qr") }) : null;
  const title = el("h1");
  return viewOf("address", ({ class: info, people: all }) => {
    setText(title, info.title || t("join.heading"));
    setText(link, info.address.replace(/^http:\/\//, ""));
    setText(many, t("projector.people", { count: all.length }));
    latest.replaceChildren(...all.slice(-NEW_FOR).reverse().map(({ name, technique }) => el("li", { data: { accent: technique ?? "" } }, el("bdi", {}, name))));
  }, title, el("div.join", {}, qr, el("div.join-words", {}, el("p", {}, t("projector.open")), link, many, latest)));
}

function people() {
  const place = el("div.groups");
  const title = el("h1");
  return viewOf("people", ({ people: all, groups }) => {
    setText(title, t("projector.people", { count: all.length }));
    place.replaceChildren(...groups.map(({ name, technique }) => {
      const mine = all.filter((each) => each.group === name);
      return el("section.people-group", { data: { accent: technique ?? "" } },
        el("h2", {}, t("class.group", { name })), el("p.technique", {}, technique === null ? t("projector.they-choose") : techniqueLabel(technique)),
        el("ul", {}, mine.map((each) => el("li", { data: { away: String(!each.connected) } }, el("bdi", {}, each.name),
          technique === null && each.technique ? ` · ${techniqueLabel(each.technique)}` : null, each.connected ? null : ` (${t("console.student.away")})`))));
    }));
  }, title, place);
}

function rowsOf(figures, theories = {}) {
  return TECHNIQUES.filter(({ name }) => figures[name]).map(({ name }) => ({
    key: name, label: techniqueLabel(name), accent: name, figures: figures[name], theoryMs: theories[name] ?? null,
  }));
}

function delays() {
  const picture = createDistribution();
  return viewOf("delays", ({ figures, simulated, stretch }) => {
    picture.show({ rows: rowsOf(figures), simulated: rowsOf(simulated?.figures ?? {}), stretch });
  }, el("h1", {}, t("projector.delays")), picture.element);
}

function bytes() {
  const picture = createBytesBars();
  return viewOf("bytes", ({ figures }) => picture.show(rowsOf(figures)), el("h1", {}, t("projector.bytes")), picture.element);
}

function faults() {
  const title = el("h1");
  const lost = el("p.verdict", { testid: "lost", role: "status" });
  const table = createOutcomeTable();
  return viewOf("faults", ({ fault }) => {
    setText(title, fault === null ? t("projector.no-fault") : t(`fault.${fault.fault}`));
    table.element.hidden = lost.hidden = fault === null;
    if (fault === null) return;
    const sum = fault.people.reduce((all, each) => all + each.lost, 0);
    setText(lost, sum === 0 ? t("projector.nothing-lost") : t("projector.lost", { count: sum }));
    lost.dataset.bad = String(sum > 0);
    table.show(fault);
  }, title, lost, table.element);
}

function experiment() {
  const title = el("h1");
  const question = el("p.question");
  const big = el("p.big", { testid: "experiment-big", role: "status" });
  const dots = createPredictions();
  const table = createResultsTable();
  const why = el("p.why");
  return viewOf("experiment", ({ experiment: now, now: serverNow }) => {
    setText(title, now === null ? t("projector.no-experiment") : t(`experiment.${now.name}.title`));
    for (const each of [question, big, dots.element, why]) each.hidden = now === null;
    table.show(now);
    if (now === null) return;
    setText(question, t(`experiment.${now.name}.question`, now.settings));
    setText(big, bigWords(now, serverNow));
    dots.element.hidden = now.phase === "asked"; // nobody is to copy
    dots.show(now);
    question.hidden = now.phase === "explained"; // there is as much to say as there is room for
    why.hidden = now.phase !== "explained";
    setText(why, t(`experiment.${now.name}.why`, now.settings));
  }, title, question, big, el("div.two", {}, table.element, dots.element), why);
}

function bigWords({ phase, predictions, ends_at: ends, answer, unit }, now) {
  if (phase === "asked") return t("projector.predicted", { count: predictions.count });
  if (phase === "running") return t("projector.seconds", { count: Math.max(0, Math.ceil((ends - now) / 1000)) });
  const theory = answer?.theory ?? null;
  return theory === null ? t("projector.measured", { measured: unitText(answer?.measured ?? null, unit) })
    : t("projector.measured-and-theory", { measured: unitText(answer?.measured ?? null, unit), theory: unitText(theory, unit) });
}

function nothing() {
  const title = el("h1.alone");
  return viewOf("nothing", ({ class: info }) => setText(title, info.title || t("join.heading")), title);
}

/** How many messages the phones have read in this stretch, for the foot. */
export function received(figures) {
  return count(Object.values(figures).reduce((all, each) => all + each.received, 0));
}
