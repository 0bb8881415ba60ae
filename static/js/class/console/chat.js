/**
 * The class's conversation as the teacher has it: each message can be hidden, the room can be cleared, and the teacher has a
 * word. It is read by SSE, as any page would.
 */

import { connect } from "../../transports/sse.js";
import { button, el, setText } from "../../shell/dom.js";
import { timeWithSeconds } from "../../shell/format.js";
import { t } from "../../shell/language.js";
import { confirmButton } from "../confirm-button.js";
import { isAutomatic } from "../words.js";
import { createSaid, part } from "./controls.js";

const SHOWN = 200;

export function createChat(commands) {
  const said = createSaid();
  const list = el("ol.class-chat", { tabindex: "0", testid: "class-chat", "aria-label": t("console.part.chat") });
  const automatic = el("p.hint");
  const broken = el("p.hint.bad", { role: "status" });
  const text = el("input", { id: "say", testid: "say", maxlength: 4000, autocomplete: "off", "aria-label": t("console.chat.say") });
  const say = async (event) => {
    event.preventDefault();
    if (text.value.trim() !== "" && await said.attempt(() => commands.say(text.value.trim()))) text.value = "";
  };
  const clear = confirmButton(t("console.chat.clear"), t("console.chat.clear.sure"), () => said.attempt(commands.clear), { testid: "clear" });
  const element = part("chat", list, broken, automatic,
    el("form.say", { on: { submit: say } }, text, el("button", { type: "submit", testid: "say-send" }, t("console.chat.send")), clear), said.element);
  let room = null;
  let connection = null;
  let counted = 0;
  let hidden = new Set();

  function show({ class: info, hidden: ids }) {
    if (info.room !== room) follow(info.room);
    hidden = new Set(ids);
    for (const item of list.children) item.dataset.hidden = String(hidden.has(item.dataset.id));
  }

  function follow(next) {
    connection?.close();
    list.replaceChildren();
    [room, counted] = [next, 0];
    connection = connect({ room, after: null, onMessage: receive, onStatus: ({ state }) => setText(broken, state === "broken" ? t("console.chat.broken") : "") });
    setText(automatic, "");
  }

  function receive(message) {
    if (isAutomatic(message)) {
      counted += 1;
      setText(automatic, t("join.automatic", { count: counted }));
      return;
    }
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 48;
    list.append(el("li", { data: { id: message.id, hidden: String(hidden.has(message.id)) } },
      el("span.time", {}, timeWithSeconds(message.sent_at)), el("bdi.sender", {}, message.sender), el("span.text", { dir: "auto" }, message.text),
      button(t("console.chat.hide"), () => said.attempt(() => commands.hide(message.id)), { class: "quiet", testid: "hide" })));
    while (list.children.length > SHOWN) list.firstElementChild.remove();
    if (isAtEnd) list.scrollTop = list.scrollHeight;
  }

  return { element, show, close: () => connection?.close() };
}
