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

// ---- where to meet

const note = el("p.hint", { role: "status" });
const here = { technique: null, room };
place("room-choice").append(roomForm({ ...here, refused, note, action: t("room.use") }), note, shareLink(here));

// ---- the rooms there are

createRooms(place("rooms"), { url: address("api/rooms"), current: room });
document.documentElement.dataset.ready = "true";
