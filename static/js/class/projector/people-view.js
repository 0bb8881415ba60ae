/**
 * Who is there: the groups side by side, each with its technique, its network where that is changed, and its people's names.
 * Of a crowd as many names as fit, and how many more there are.
 */

import { el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { networkWords, techniqueLabel } from "../words.js";
import { viewOf } from "./stage.js";

const SIZES = [0.9, 2.2]; // rem
const LONG = 16; // letters of a name that may be broken

export function createPeopleView() {
  const place = el("div.groups");
  const title = el("h1");
  let shown = null;
  let groups = [];

  function show(now) {
    setText(title, t("projector.people", { count: now.people.length }));
    groups = now.groups.map((group) => ({ group, mine: now.people.filter((each) => each.group === group.name) }));
    const key = JSON.stringify([groups, innerWidth, innerHeight]);
    if (key === shown) return;
    shown = key;
    delete view.element.dataset.tight;
    place.style.setProperty("--whole", groups.length);
    place.style.setProperty("--half", Math.ceil(groups.length / 2));
    place.replaceChildren(...groups.map(({ group, mine }) => groupOf(group, mine)));
    view.shapes = groups.length > 2 ? ["whole", "half"] : ["whole"];
  }

  /** Where not even the least size fits: names may be broken, and of each group there are as many as fit. */
  function settle(fits) {
    if (fits()) return;
    view.element.dataset.tight = "true";
    const found = view.shapes.map((shape) => {
      view.element.dataset.shape = shape;
      const drawn = groups.map((each, index) => asManyAsFit(each, place.children[index]));
      return { shape, drawn, sum: drawn.reduce((sum, { most }) => sum + most, 0) };
    });
    const best = found.reduce((one, other) => (other.sum > one.sum ? other : one));
    view.element.dataset.shape = best.shape;
    best.drawn.forEach(({ most }, index) => place.children[index].replaceWith(groupOf(groups[index].group, groups[index].mine, most)));
  }

  const view = viewOf("people", show, [title, place], { sizes: SIZES, settle });
  return view;
}

/** How many of a group's people have room in its place, which is shared out evenly: `{ most }`. */
function asManyAsFit({ group, mine }, former) {
  let element = former;
  const fits = (most) => {
    const next = groupOf(group, mine, most);
    element.replaceWith(next);
    element = next;
    return next.scrollHeight <= next.clientHeight + 1 && next.scrollWidth <= next.clientWidth + 1;
  };
  if (fits(mine.length)) return { most: mine.length };
  let [low, high] = [0, mine.length];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return { most: low };
}

function groupOf(group, mine, most = mine.length) {
  const words = networkWords(group);
  return el("section.people-group", { data: { accent: group.technique ?? "", row: group.name, fits: "" } },
    el("h2", {}, t("class.group", { name: group.name }), el("span.people-count", {}, String(mine.length))),
    el("p.technique", {}, group.technique === null ? t("projector.they-choose") : techniqueLabel(group.technique)),
    words === t("class.network.plain") ? null : el("p.network", {}, words),
    el("ul.names", {}, mine.slice(0, most).map((each) => nameOf(each, group)),
      mine.length > most ? el("li.rest.less", {}, t("projector.more", { count: mine.length - most })) : null));
}

function nameOf({ name, technique, connected }, group) {
  return el("li", { data: { accent: technique ?? "", away: String(!connected), long: String(name.length > LONG) } }, el("bdi", {}, name),
    group.technique === null && technique ? ` · ${techniqueLabel(technique)}` : null,
    connected ? null : ` (${t("console.student.away")})`);
}
