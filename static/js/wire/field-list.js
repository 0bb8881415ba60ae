/**
 * The fields one below the other, with what they say; pointing at one is like pointing at its bytes.
 */

import { el } from "../shell/dom.js";
import { count } from "../shell/format.js";
import { valueOf } from "./byte-rows.js";
import { createSlices } from "./slices.js";

const SHOWN_FIRST = 60;
const SHOWN_PER_FRAME = 100;

export function createFieldList({ onPoint, onChoose, onLeave }) {
  const list = el("ol.fields", { testid: "fields", "aria-label": "Fields" });
  const element = el("div.fields-place", {}, list);
  let slices = null;
  let items = [];
  let lit = -1;

  const at = (event) => event.target.closest("li")?.dataset.field;
  list.addEventListener("pointerover", (event) => at(event) !== undefined && onPoint(Number(at(event))));
  list.addEventListener("pointerleave", onLeave);
  list.addEventListener("click", (event) => at(event) !== undefined && onChoose(Number(at(event))));

  function show(fields, bytes) {
    clear();
    slices = createSlices({
      total: fields.length, first: SHOWN_FIRST, each: SHOWN_PER_FRAME, label: `Show all ${count(fields.length)} fields`,
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

  function clear() {
    slices?.stop();
    slices?.button.remove();
    items = [];
    lit = -1;
    list.replaceChildren();
  }

  return { element, show, light, clear };
}

function createItem(field, index, bytes) {
  return el("li", { data: { field: index, account: field.account } },
    el("i.swatch"), el("span.name", {}, field.name), el("span.value", { dir: "auto" }, valueOf(field, bytes)));
}
