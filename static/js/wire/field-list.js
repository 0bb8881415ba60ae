/**
 * The fields one below the other, with what they say; pointing at one is like pointing at its bytes.
 */

import { el } from "../shell/dom.js";
import { count } from "../shell/format.js";
import { t } from "../shell/language.js";
import { valueOf } from "./byte-rows.js";
import { listenToPointer } from "./pointing.js";
import { createSlices } from "./slices.js";

const SHOWN_FIRST = 60;
const SHOWN_PER_FRAME = 100;

export function createFieldList({ onPoint, onChoose, onLeave, onKey }) {
  const list = el("ol.fields", { testid: "fields", "aria-label": t("wire.fields"), on: { keydown: onKey } });
  const element = el("div.fields-place", {}, list);
  let slices = null;
  let items = [];
  let lit = -1;

  listenToPointer(list, { onPoint, onChoose, onLeave });

  /** @param {boolean} alone - there are no bytes to go along by keyboard, so that is done here. */
  function show(fields, bytes, { alone }) {
    clear();
    if (alone) list.tabIndex = 0;
    else list.removeAttribute("tabindex");
    slices = createSlices({
      total: fields.length, first: SHOWN_FIRST, each: SHOWN_PER_FRAME, label: t("wire.fields.all", { fields: count(fields.length) }),
      add: (from, to) => {
        const made = fields.slice(from, to).map((field, index) => createItem(field, from + index, bytes));
        items.push(...made);
        list.append(...made);
        items[lit]?.classList.add("lit");
      },
    });
    element.append(slices.button);
  }

  function light(field) {
    items[lit]?.classList.remove("lit");
    lit = field;
    items[lit]?.classList.add("lit");
  }

  /** Scroll to a field; where it is not shown yet, show it. */
  function reach(field) {
    if (items[field]) items[field].scrollIntoView({ block: "nearest" });
    else slices.all();
  }

  function clear() {
    slices?.stop();
    slices?.button.remove();
    items = [];
    lit = -1;
    list.replaceChildren();
  }

  return { element, show, light, reach, clear };
}

function createItem(field, index, bytes) {
  return el("li", { data: { field: index, account: field.account } },
    el("i.swatch"), el("span.name", {}, field.name), el("span.value", { dir: "auto" }, valueOf(field, bytes)));
}
