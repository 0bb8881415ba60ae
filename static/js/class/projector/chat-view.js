/**
 * The class's conversation in big type: the last messages, as many as fit. It is read by SSE while it is shown, or comes from a
 * recording.
 */

import { connect } from "../../transports/sse.js";
import { el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { isAutomatic } from "../words.js";
import { viewOf } from "./stage.js";

const SHOWN = 12;

/** @param {{ messages?: object[] }} source - of a recording: its messages so far; without, the room is read. */
export function createChatView(source) {
  const list = el("ol.conversation", { testid: "conversation" });
  const automatic = el("p.less");
  let room = null;
  let read = [];

  function show({ class: info, hidden }) {
    if (source.messages === undefined && room !== info.room) follow(info.room);
    const all = (source.messages ?? read).filter((each) => each.room === info.room);
    const written = all.filter((each) => !isAutomatic(each) && !hidden.includes(each.id)).slice(-SHOWN);
    const key = written.map(({ id }) => id).join();
    if (list.dataset.key !== key) {
      list.dataset.key = key;
      list.replaceChildren(...written.map(({ sender, text }) => el("li", { data: { teacher: String(sender === "teacher") } }, el("bdi.sender", {}, sender), el("span", { dir: "auto" }, text))));
    }
    const counted = all.filter(isAutomatic).length;
    setText(automatic, counted === 0 ? "" : t("join.automatic", { count: counted }));
  }

  function follow(next) {
    room = next;
    read = [];
    const mine = read;
    const connection = connect({ room: next, after: null, onMessage: (message) => take(mine, message) });
    window.addEventListener("pagehide", () => connection.close());
  }

  function take(mine, message) {
    mine.push(message);
    if (mine.length > 20_000) mine.splice(0, 10_000);
  }

  return viewOf("chat", show, list, automatic);
}
