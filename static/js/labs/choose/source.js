/** Where the costs come from: which benchmark, when, on what machine; or that there is none, and how to make one. */

import { el } from "../../shell/dom.js";
import { language, rich, t } from "../../shell/language.js";
import { figureText } from "../words.js";
import { constantsOf } from "./constants.js";

const ADVISED = "make bench ARGS=\"--browser-headers --sweep clients=100,1000\"";
const ANY = { users: 1, rate: 1 };

export function createSource() {
  const element = el("div.cost-source", { testid: "source" }, el("p.hint", {}, t("lab.choose.source.loading")));

  /** @param {object | null} results - results.json. */
  function show(results) {
    const constants = constantsOf(results, ANY);
    element.dataset.known = String(constants !== null);
    if (constants === null) element.replaceChildren(el("p.warning", {}, rich("lab.choose.source.none", { command: el("code", {}, ADVISED) })));
    else element.replaceChildren(...known(results, constants));
  }

  function fail(error) {
    element.dataset.known = "false";
    element.replaceChildren(el("p.warning", {}, t("lab.choose.source.failed", { error: error.message })));
  }

  return { element, show, fail };
}

function known(results, { created, cpu, command, browserHeads }) {
  const when = new Intl.DateTimeFormat(language().locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(created));
  const readers = [...new Set(results.runs.map(({ clients }) => clients))].sort((one, other) => one - other);
  const isApart = readers.length > 1;
  const said = [
    t(isApart ? /* text */ "lab.choose.source.apart" : /* text */ "lab.choose.source.one", { readers: readers.map((each) => figureText(each)).join(t("labs.and")) }),
    ...(browserHeads ? [] : [t("lab.choose.source.heads")]),
    ...(results.runs.some(({ warnings }) => warnings.length > 0) ? [t("lab.choose.source.warned")] : []),
  ];
  const better = isApart && browserHeads ? [] : [" ", t("lab.choose.source.advised"), " ", el("code", {}, ADVISED)];
  return [el("p", {}, rich("lab.choose.source.known", { when, cpu, command: el("code", {}, command) })), el("p.hint", {}, said.join(" "), better)];
}
