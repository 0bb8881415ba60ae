/**
 * Which room to meet in: the form that opens another one on the same page, and the link that invites others into
 * this one.
 */

import { addressForOthers } from "../lab/place.js";
import { pageAddress } from "./base.js";
import { copyButton } from "./copy.js";
import { el, setText } from "./dom.js";
import { isRoomName, keepRoom, ROOM_NAME_RULE } from "./room.js";

const LONGEST_ROOM_NAME = 64;

/**
 * @param {string | null} technique - whose page it is; null for the overview.
 * @param {string | null} refused - a name in the address that no room can have.
 * @param {HTMLElement} note - where it is said that no room can have such a name.
 */
export function roomForm({ technique, room, refused = null, note, action = "Open" }) {
  const input = el("input", {
    id: "room", testid: "room-input", value: room, maxlength: LONGEST_ROOM_NAME,
    autocapitalize: "off", autocomplete: "off", spellcheck: "false",
  });
  const submit = (event) => {
    event.preventDefault();
    const asked = input.value.trim();
    if (!isRoomName(asked)) return setText(note, `A room's name has ${ROOM_NAME_RULE}.`);
    keepRoom(asked);
    return location.assign(pageAddress(technique, asked));
  };
  note.id ||= "room-note";
  input.setAttribute("aria-describedby", note.id);
  if (refused !== null) setText(note, `“${refused}” cannot be a room: a name has ${ROOM_NAME_RULE}. This is “${room}” instead.`);
  return el("form.pair", { on: { submit } },
    el("label", { for: "room" }, "Room"), input, el("button", { type: "submit", testid: "room-open" }, action));
}

export function shareLink({ technique, room }) {
  const url = addressForOthers(pageAddress(technique, room)).href;
  return el("div.pair.share", {},
    el("span.label", { id: "share-label" }, "Share"),
    el("a", { href: url, testid: "room-link", "aria-describedby": "share-label" }, url),
    copyButton(() => url, "Copy the link to this room"));
}
