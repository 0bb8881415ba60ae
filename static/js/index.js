/**
 * The overview: which room to meet in, and the rooms there are, asked for again and again.
 */

import { restoreAppearance } from "./shell/appearance.js";
import { address, pageAddress } from "./shell/base.js";
import { copyButton } from "./shell/copy.js";
import { buildHeader } from "./shell/header.js";
import { createRooms } from "./shell/rooms.js";
import { isRoomName, rememberRoom, roomOfPage } from "./shell/room.js";
import { el, setText } from "./shell/dom.js";

restoreAppearance();
const { room } = roomOfPage();
const place = (id) => document.getElementById(id);

buildHeader(place("header"), { room });
for (const link of document.querySelectorAll("a[data-opens]")) link.href = pageAddress(link.dataset.opens, room);

// ---- where to meet

const input = el("input", { id: "room", testid: "room-input", value: room, maxlength: 64, autocapitalize: "off", autocomplete: "off", spellcheck: "false" });
const note = el("p.hint", { role: "status" });
const link = pageAddress(null, room).href;
place("room-choice").append(
  el("form.pair", { on: { submit: openRoom } },
    el("label", { for: "room" }, "Room"), input, el("button", { type: "submit", testid: "room-open" }, "Use this room")),
  el("div.pair.share", {},
    el("span.label", {}, "Share"), el("a", { href: link, testid: "room-link" }, link), copyButton(() => link, "Copy the link to this room")),
  note);

function openRoom(event) {
  event.preventDefault();
  const asked = input.value.trim();
  if (!isRoomName(asked)) return setText(note, "A room's name has 1 to 64 letters, digits, - or _.");
  rememberRoom(asked);
  return location.assign(pageAddress(null, asked));
}

// ---- the rooms there are

createRooms(place("rooms"), { url: address("api/rooms"), current: room });
document.documentElement.dataset.ready = "true";
