/**
 * Which room. The address says it (`?room=`), else the room of last time, else the lobby.
 */

import { forBrowser } from "./storage.js";

export const DEFAULT_ROOM = "lobby";
const ROOM_NAME = /^[A-Za-z0-9_-]{1,64}$/;

export function isRoomName(text) {
  return ROOM_NAME.test(text);
}

/** Returns { room, refused }: `refused` is a name in the address that no room can have. */
export function roomOfPage(search = location.search) {
  const asked = new URLSearchParams(search).get("room");
  const last = forBrowser.get("room");
  const fallback = typeof last === "string" && isRoomName(last) ? last : DEFAULT_ROOM;
  if (!asked) return { room: fallback, refused: null };
  return isRoomName(asked) ? { room: asked, refused: null } : { room: DEFAULT_ROOM, refused: asked };
}

/** Remember the room for the next page that is opened without one. */
export function keepRoom(room) {
  forBrowser.set("room", room);
}

/** Remember the room and show it in the address bar, so that the address can be handed on. */
export function rememberRoom(room) {
  keepRoom(room);
  const url = new URL(location.href);
  if (url.searchParams.get("room") === room) return;
  url.searchParams.set("room", room);
  history.replaceState(history.state, "", url);
}
