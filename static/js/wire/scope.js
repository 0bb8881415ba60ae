/**
 * What the totals are of: this page's technique, everything, or one connection.
 */

import { el, field, setText } from "../shell/dom.js";
import { bytes, joined } from "../shell/format.js";
import { t } from "../shell/language.js";
import { techniqueNamed } from "../techniques.js";

const CONNECTIONS_LISTED = 60;
const OTHER_LABELS = { publish: t("wire.scope.publish"), page: t("wire.scope.page") };

/** @returns `{ element, value, paint(connections) }`; the value is "technique", "all", or a connection's number. */
export function createScope({ technique, onChange }) {
  const list = el("optgroup", { label: t("wire.scope.one") });
  const options = new Map(); // connection's number -> its option
  const select = el("select", { testid: "totals-scope", on: { change: onChange } },
    technique ? el("option", { value: "technique" }, t("wire.scope.technique", { technique: labelOf(technique) })) : null,
    el("option", { value: "all" }, t("wire.scope.all")), list);

  function paint(connections) {
    const listed = [...connections.values()].sort((one, other) => other.number - one.number).slice(0, CONNECTIONS_LISTED);
    const numbers = new Set(listed.map(({ number }) => number));
    for (const [number, option] of options) {
      if (!numbers.has(number) && !option.selected) forget(number, option);
    }
    for (const connection of listed.reverse()) setText(optionOf(connection.number), described(connection));
    list.hidden = options.size === 0;
  }

  function forget(number, option) {
    option.remove();
    options.delete(number);
  }

  function optionOf(number) {
    if (!options.has(number)) {
      options.set(number, el("option", { value: number }));
      list.prepend(options.get(number));
    }
    return options.get(number);
  }

  const value = () => (/^[0-9]+$/.test(select.value) ? Number(select.value) : select.value);
  return { element: field(t("wire.scope.of"), select), paint, get value() { return value(); } };
}

/** Such as "#3 open, SSE, 12.3 KiB". */
export function described({ number, end, techniques, size }) {
  const carried = techniques.length ? techniques.map(labelOf).join(t("wire.scope.and")) : t("wire.scope.nothing");
  const told = { number: String(number), state: t(`wire.connection.${end}`), carried, size: joined(bytes(size.up + size.down)) };
  return t("wire.scope.connection", told);
}

function labelOf(technique) {
  return techniqueNamed(technique)?.label ?? OTHER_LABELS[technique] ?? technique;
}
