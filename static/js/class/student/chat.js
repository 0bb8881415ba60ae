/**
 * The conversation of the class's room on a student's page. What nobody wrote is counted in one line, and what the teacher
 * hid is not shown.
 */

import { createAnnouncer } from "../../chat/announcer.js";
import { createComposer } from "../../chat/composer.js";
import { createConversation } from "../../chat/conversation.js";
import { createConversationView } from "../../chat/conversation-view.js";
import { createOutbox } from "../../chat/outbox.js";
import { el, setText } from "../../shell/dom.js";
import { isOwn, newClientMessageId } from "../../shell/ids.js";
import { t } from "../../shell/language.js";
import { forTab } from "../../shell/storage.js";
import { isAutomatic } from "../words.js";

/**
 * @param {object} options
 * @param {string} options.room
 * @param {() => string} options.name - of who writes here.
 * @param {(message: object) => Promise<object>} options.send
 * @param {(entry: object) => object | null} options.delayOf - of a live message, `{ ms, errorMs }`.
 */
export function createChat({ room, name, send, delayOf }) {
  const place = el("section.panel.chat", { "aria-label": t("join.chat") });
  const list = el("div.conversation");
  const automatic = el("p.hint.automatic", { testid: "automatic" });
  const muted = el("p.hint.muted", { hidden: true, testid: "muted" }, t("join.muted"));
  const writing = el("div");
  let hidden = new Set();
  let counted = 0;
  place.append(list, automatic, muted, writing);
  const conversation = createConversation({ room, store: forTab, onEntry: (entry) => view.append(entry) });
  const outbox = createOutbox({
    room, store: forTab, send, newId: newClientMessageId, onChange: (items) => view.showWaiting(items),
  });
  const isMine = (message) => isOwn(message, name());
  const view = createConversationView(list, { isOwn: isMine, delayOf, actions: outbox, announce: createAnnouncer(place, isMine) });
  createComposer(writing, { onSend: (text) => { outbox.add(name(), text); return true; } });
  conversation.restore();
  view.showWaiting(outbox.items);
  count(0);

  function count(more) {
    counted += more;
    setText(automatic, counted === 0 ? "" : t("join.automatic", { count: counted }));
  }

  function receive(message, arrival) {
    outbox.seen(message);
    if (isAutomatic(message)) {
      conversation.moveTo(message.id);
      count(1);
    } else if (!hidden.has(message.id)) {
      conversation.add(message, arrival);
    } else {
      conversation.moveTo(message.id);
    }
  }

  function status(news) {
    if (news.state === "gap") conversation.addGap(news.detail);
    if (news.cursor) conversation.moveTo(news.cursor);
    if (news.state === "open") {
      view.serverAnswered();
      outbox.goOn();
    }
    if (news.state === "broken" || news.state === "closed") outbox.stop();
  }

  return {
    room, element: place, receive, status,
    get cursor() { return conversation.cursor; },
    hide(ids) {
      hidden = new Set(ids);
      view.remove(hidden);
    },
    mute(isMuted) {
      muted.hidden = !isMuted;
      writing.hidden = isMuted;
    },
    close() {
      outbox.stop();
      conversation.save();
      place.remove();
    },
  };
}
