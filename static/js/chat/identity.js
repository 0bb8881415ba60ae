/**
 * Who writes, and in which room: the name, the room, and the link that invites others.
 *
 * The name is kept for the tab first, so that one browser can be a student in one tab and the
 * administrator in the next.
 */

import { button, el, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { roomForm, shareLink } from "../shell/room-form.js";
import { forBrowser, forTab } from "../shell/storage.js";

const LONGEST_NAME = 64;
const SUGGESTIONS = ["Li Na", "Chen Wei", "Amina", "administrator"];

/**
 * @returns `name()`, empty until one was chosen, and `ask()` which says that one is needed.
 */
export function createIdentity(place, { technique, room, refused, onName }) {
  let name = forTab.get("name") ?? forBrowser.get("name") ?? "";
  const note = el("p.hint", { role: "status" });
  const names = nameForm(name, choose);
  const suggestions = el("div.suggestions", { role: "group", "aria-label": t("chat.names") },
    SUGGESTIONS.map((each) => button(each, () => choose(each), { class: "chip" })));
  place.append(el("div.identity", {}, names.form, roomForm({ technique, room, refused, note }), shareLink({ technique, room })), note, suggestions);
  show();

  function choose(text) {
    const chosen = text.trim();
    if (chosen === "" || [...chosen].length > LONGEST_NAME) return ask();
    name = chosen;
    forTab.set("name", name);
    forBrowser.set("name", name);
    show();
    setText(note, "");
    return onName(name);
  }

  function show() {
    names.input.value = name;
    suggestions.hidden = name !== "";
    place.dataset.named = String(name !== "");
  }

  function ask() {
    setText(note, t("chat.name.ask", { most: LONGEST_NAME }));
    names.input.focus();
  }

  return { name: () => name, ask };
}

function nameForm(name, choose) {
  const input = el("input", {
    id: "name", testid: "name-input", value: name, maxlength: LONGEST_NAME, dir: "auto",
    autocomplete: "nickname", placeholder: t("chat.name.choose"), size: "11",
  });
  const submit = (event) => { event.preventDefault(); choose(input.value); };
  const form = el("form.pair", { on: { submit } },
    el("label", { for: "name" }, t("chat.name")), input, el("button", { type: "submit", testid: "name-save" }, t("chat.name.save")));
  return { form, input };
}
