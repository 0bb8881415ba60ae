/**
 * The class's conversation in big type: the last messages, as many as fit. It is read by SSE while it is shown, or comes from a
 * recording.
 */

import { connect } from "../../transports/sse.js";
import { el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { isAutomatic } from "../words.js";
import { viewOf } from "./stage.js";

const SHOWN = 16; // more do not fit, however short

/** @param {{ messages?: object[] }} source - of a recording: its messages so far; without, the room is read. */
export function createChatView(source) {
  const list = el("ol.conversation", { testid: "conversation" });
  const automatic = el("p.less");
  const nobody = el("h1.alone");
  let room = null;
  let connection = null;
  let read = [];

  function show({ class: info, hidden }) {
    if (source.messages === undefined && room !== info.room) follow(info.room);
    const all = (source.messages ?? read).filter((each) => each.room === info.room);
    const written = all.filter((each) => !isAutomatic(each) && !hidden.includes(each.id)).slice(-SHOWN);
    setText(nobody, t("projector.no-chat"));
    nobody.hidden = written.length > 0;
    const key = [innerWidth, innerHeight, ...written.map(({ id }) => id)].join();
    if (list.dataset.key !== key) {
      list.dataset.key = key;
      list.replaceChildren(...written.map(({ sender, text }) => el("li", { data: { teacher: String(sender === "teacher") } }, el("bdi.sender", {}, sender), " ", el("span.text", { dir: "auto" }, text))));
    }
    const counted = all.filter(isAutomatic).length;
    setText(automatic, counted === 0 ? "" : t("join.automatic", { count: counted }));
  }

  window.addEventListener("pagehide", () => connection?.close());
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted && room !== null) follow(room); });

  function follow(next) {
    room = next;
    read = [];
    const mine = read;
    connection?.close();
    connection = connect({ room: next, after: null, onMessage: (message) => take(mine, message) });
  }

  function take(mine, message) {
    mine.push(message);
    if (mine.length > 20_000) mine.splice(0, 10_000);
  }

  /** The oldest go first. */
  function settle(fits) {
    while (!fits() && list.childElementCount > 1) list.firstElementChild.remove();
  }

  return viewOf("chat", show, [nobody, list, automatic], { sizes: [1, 1], settle });
}
