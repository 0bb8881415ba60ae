/**
 * The overview: which room to meet in, and the rooms there are, asked for again and again.
 */

import { restoreAppearance } from "./shell/appearance.js";
import { address, pageAddress } from "./shell/base.js";
import { buildHeader } from "./shell/header.js";
import { t } from "./shell/language.js";
import { createRooms } from "./shell/rooms.js";
import { roomOfPage } from "./shell/room.js";
import { roomForm, shareLink } from "./shell/room-form.js";
import { el } from "./shell/dom.js";

restoreAppearance();
const { room, refused } = roomOfPage();
const place = (id) => document.getElementById(id);

buildHeader(place("header"), { room });
for (const link of document.querySelectorAll("a[data-opens]")) link.href = pageAddress(link.dataset.opens, room);

const [heads, ...rows] = document.querySelectorAll(".techniques tr");
for (const row of rows) [...row.cells].forEach((cell, index) => (cell.dataset.column = heads.cells[index].textContent)); // said beside it on a phone

// ---- where to meet

const note = el("p.hint", { role: "status" });
const here = { technique: null, room };
place("room-choice").append(roomForm({ ...here, refused, note, action: t("room.use") }), note, shareLink(here));

// ---- the rooms there are

createRooms(place("rooms"), { url: address("api/rooms"), current: room, onClass: showClass });

// ---- a class that is on

function showClass(told) {
  const banner = place("class-on");
  banner.hidden = told?.state !== "open";
  const key = banner.hidden ? "" : told.title;
  if (banner.hidden || (banner.dataset.title === key && banner.firstChild)) return;
  banner.dataset.title = key;
  banner.replaceChildren(
    el("strong", { dir: "auto" }, t("overview.class-on", { title: told.title || t("join.heading") })), " ",
    el("a", { href: address("join"), testid: "join-class" }, t("overview.class-join")));
}
document.documentElement.dataset.ready = "true";
