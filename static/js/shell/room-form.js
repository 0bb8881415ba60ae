/**
 * Which room to meet in: the form that opens another one on the same page, and the link that invites others into
 * this one.
 */

import { addressForOthers } from "../lab/place.js";
import { pageAddress } from "./base.js";
import { copyButton } from "./copy.js";
import { el, setText } from "./dom.js";
import { t } from "./language.js";
import { isRoomName, keepRoom } from "./room.js";

const LONGEST_ROOM_NAME = 64;

/**
 * @param {string | null} technique - whose page it is; null for the overview.
 * @param {string | null} refused - a name in the address that no room can have.
 * @param {HTMLElement} note - where it is said that no room can have such a name.
 */
export function roomForm({ technique, room, refused = null, note, action = t("room.open") }) {
  const input = el("input", {
    id: "room", testid: "room-input", value: room, maxlength: LONGEST_ROOM_NAME,
    autocapitalize: "off", autocomplete: "off", spellcheck: "false",
  });
  const submit = (event) => {
    event.preventDefault();
    const asked = input.value.trim();
    if (!isRoomName(asked)) return setText(note, t("room.rule"));
    keepRoom(asked);
    return location.assign(pageAddress(technique, asked));
  };
  note.id ||= "room-note";
  input.setAttribute("aria-describedby", note.id);
  if (refused !== null) setText(note, t("room.refused", { refused, room }));
  return el("form.pair", { on: { submit } },
    el("label", { for: "room" }, t("room.label")), input, el("button", { type: "submit", testid: "room-open" }, action));
}

export function shareLink({ technique, room }) {
  const url = addressForOthers(pageAddress(technique, room)).href;
  return el("div.pair.share", {},
    el("span.label", { id: "share-label" }, t("room.share")),
    el("a", { href: url, testid: "room-link", "aria-describedby": "share-label" }, url),
    copyButton(() => url, t("room.copy")));
}
