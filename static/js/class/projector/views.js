/**
 * What the projector can show, by the names that the console knows. Each is made with the conversation's source, and has an
 * `element`, `show(state)`, and how its type may be fitted (fit.js).
 */

import { TECHNIQUES } from "../../techniques.js";
import { el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { createBytesBars } from "../bytes-bars.js";
import { createDistribution } from "../distribution.js";
import { balanceOf, createOutcomeTable } from "../outcome-table.js";
import { techniqueLabel } from "../words.js";
import { createAddressView } from "./address-view.js";
import { createChatView } from "./chat-view.js";
import { createExperimentView } from "./experiment-view.js";
import { createPeopleView } from "./people-view.js";
import { viewOf } from "./stage.js";

export const VIEWS = {
  address: createAddressView, people: createPeopleView, delays, bytes, faults, experiment: createExperimentView, chat: createChatView, nothing,
};

/** A row for each technique that somebody uses or used; for all of them while there is nobody. */
export function rowsOf(figures) {
  const rows = TECHNIQUES.filter(({ name }) => figures[name]).map(({ name }) => ({
    key: name, label: techniqueLabel(name), accent: name, figures: figures[name], theoryMs: null,
  }));
  const used = rows.filter(({ figures: { people = 0, samples, received = 0 } }) => people > 0 || samples > 0 || received > 0);
  return used.length > 0 ? used : rows;
}

function delays() {
  const picture = createDistribution();
  return viewOf("delays", ({ figures, simulated, stretch }) => {
    const [rows, more] = [rowsOf(figures), rowsOf(simulated?.figures ?? {})];
    picture.element.style.setProperty("--rows", rows.length + more.length);
    picture.element.dataset.many = String(more.length > 0);
    picture.show({ rows, simulated: more, stretch });
  }, [el("h1", {}, t("projector.delays")), picture.element]);
}

function bytes() {
  const picture = createBytesBars();
  return viewOf("bytes", ({ figures }) => {
    const rows = rowsOf(figures);
    picture.element.style.setProperty("--rows", rows.length);
    picture.show(rows);
  }, [el("h1", {}, t("projector.bytes")), picture.element]);
}

function faults() {
  const title = el("h1");
  const lost = el("p.verdict", { testid: "lost", role: "status" });
  const pending = el("p.pending.less", { testid: "pending" });
  const table = createOutcomeTable();
  return viewOf("faults", ({ fault, groups }) => {
    setText(title, titleOf(fault, groups));
    title.classList.toggle("alone", fault === null);
    table.element.hidden = lost.hidden = pending.hidden = fault === null;
    if (fault === null) return;
    const balance = balanceOf(fault.people);
    setText(lost, verdictOf(balance));
    lost.dataset.bad = String(balance.lost > 0);
    setText(pending, balance.pending === 0 ? "" : t("projector.pending", { count: balance.pending }));
    table.element.hidden = balance.told === 0;
    table.show(fault);
  }, [title, lost, table.element, pending]);
}

function verdictOf({ lost, told, pending }) {
  if (told === 0) return t("projector.nobody-told");
  if (lost > 0) return t("projector.lost", { count: lost });
  return pending > 0 ? t("projector.nothing-lost-yet") : t("projector.nothing-lost");
}

/** What was done, and to whom where it was not to all. */
function titleOf(fault, groups) {
  if (fault === null) return t("projector.no-fault");
  const what = t(`fault.${fault.fault}`);
  return fault.group === "all" || groups.length === 1 ? what : t("projector.fault-of", { group: t("class.group", { name: fault.group }), what });
}

function nothing() {
  const title = el("h1.alone");
  return viewOf("nothing", ({ class: info }) => setText(title, info.title || t("join.heading")), [title]);
}
