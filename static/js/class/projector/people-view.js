/**
 * Who is there: the groups side by side, each with its technique, its network where that is changed, and its people's names.
 * Of a crowd as many names as fit, and how many more there are.
 */

import { el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { networkWords, techniqueLabel } from "../words.js";
import { viewOf } from "./stage.js";

const SIZES = [0.9, 2.2]; // rem
const IN_ONE_ROW = 5;
const LONG = 16; // letters of a name that may be broken

export function createPeopleView() {
  const place = el("div.groups");
  const title = el("h1");
  let shown = null;
  let state = null;
  let most = Infinity;

  function show(now) {
    state = { people: now.people, groups: now.groups };
    setText(title, t("projector.people", { count: state.people.length }));
    const key = JSON.stringify([state, innerWidth, innerHeight]);
    if (key === shown) return;
    shown = key;
    most = Infinity;
    delete place.dataset.tight;
    draw();
  }

  function draw() {
    const { groups, people } = state;
    place.style.setProperty("--whole", groups.length);
    place.style.setProperty("--half", Math.ceil(groups.length / 2));
    place.replaceChildren(...groups.map((group) => groupOf(group, people.filter((each) => each.group === group.name), most)));
    view.shapes = groups.length > IN_ONE_ROW ? ["whole", "half"] : ["whole"];
  }

  /** Where not even the least size fits: names may be broken, and then there are as many as fit in the better shape. */
  function settle(fits) {
    if (fits()) return;
    place.dataset.tight = "true";
    const found = view.shapes.map((shape) => {
      view.element.dataset.shape = shape;
      return { shape, most: mostThatFit(fits) };
    });
    const best = found.reduce((one, other) => (other.most > one.most ? other : one));
    view.element.dataset.shape = best.shape;
    most = best.most;
    draw();
  }

  function mostThatFit(fits) {
    let [low, high] = [1, Math.max(2, ...state.groups.map(({ people }) => people + 1))];
    while (high - low > 1) {
      most = Math.floor((low + high) / 2);
      draw();
      if (fits()) low = most;
      else high = most;
    }
    return low;
  }

  const view = viewOf("people", show, [title, place], { sizes: SIZES, settle });
  return view;
}

function groupOf(group, mine, most) {
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
