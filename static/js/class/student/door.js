/**
 * The way in: a nickname, and nothing else. What the server refuses is said here in the page's own words.
 */

import { el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { forBrowser } from "../../shell/storage.js";
import { joinClass, readClass } from "./server.js";

const LONGEST_NAME = 24;
const REFUSALS = {
  403: /* text */ "join.refused.barred",
  409: /* text */ "join.refused.taken",
  422: /* text */ "join.refused.malformed",
  429: /* text */ "join.refused.wait",
  503: /* text */ "join.refused.full",
};

/**
 * @param {HTMLElement} place
 * @param {object} options `info`: of the class; `word`: why one is here again, or null; `onSeat(seat)`; `onOver()`: the class is no more.
 */
export function showDoor(place, { info, word, onSeat, onOver }) {
  const name = el("input", {
    id: "nickname", testid: "nickname", maxlength: LONGEST_NAME, autocomplete: "nickname", autocapitalize: "words", dir: "auto",
    enterkeyhint: "go", value: forBrowser.get("name") ?? "", "aria-describedby": "door-note", required: true,
  });
  const note = el("p.hint", { id: "door-note", role: "status", testid: "door-note" }, word ?? t("join.rule"));
  const enter = el("button.primary", { type: "submit", testid: "join" }, t("join.enter"));
  const submit = async (event) => {
    event.preventDefault();
    enter.disabled = true;
    try {
      const seat = await joinClass(name.value.trim());
      forBrowser.set("name", seat.name);
      onSeat(seat);
    } catch (error) {
      if (await isOver(error)) return onOver();
      setText(note, REFUSALS[error.status] ? t(REFUSALS[error.status], { name: name.value.trim() }) : t("join.refused.away"));
      note.classList.add("bad");
      name.setAttribute("aria-invalid", "true");
      name.focus();
    } finally {
      enter.disabled = false;
    }
    return undefined;
  };
  place.replaceChildren(el("section.door-page", {},
    el("h1", {}, info.title || t("join.heading")),
    el("p", {}, t("join.people", { count: info.people })),
    el("form.enter", { on: { submit } },
      el("label", { for: "nickname" }, t("join.nickname")), name, enter, note)));
  name.focus({ preventScroll: true });
}

/** Who is refused may have a name that is barred, or come to a class that has ended meanwhile. */
async function isOver({ status }) {
  if (status !== 403 && status !== 404) return false;
  const info = await readClass().catch(() => undefined);
  return info === null || info?.state === "ended";
}

/** A page with nothing to do on it: no class is on, it has ended, the server does not answer. */
export function showWord(place, heading, ...text) {
  place.replaceChildren(el("section.door-page", { testid: "word" }, el("h1", {}, heading), el("p", {}, text)));
}
