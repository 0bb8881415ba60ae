/**
 * The student's page of a class: a nickname, and one is in the room. A page that is loaded again finds its seat by the
 * cookie.
 *
 *     (no class) | door -> seat -> (removed -> door) | ended
 */

import { restoreAppearance } from "../../shell/appearance.js";
import { rich, t } from "../../shell/language.js";
import { buildClassHeader } from "../header.js";
import { createLive } from "../live.js";
import { replayLink } from "../replay-link.js";
import { showDoor, showWord } from "./door.js";
import { takeSeat } from "./seat.js";
import { leaveClass, readClass } from "./server.js";

const ASK_AGAIN_MS = 3000;
restoreAppearance();
const place = document.getElementById("place");
buildClassHeader(document.getElementById("header"));
let live = null;
let seat = null;

async function begin(word = null) {
  try {
    const info = await readClass();
    if (info === null) return showWord(place, t("join.no-class"), ...rich("join.no-class.how"), " ", replayLink());
    if (info.state === "ended") return showWord(place, info.title || t("join.heading"), t("join.ended"));
    document.title = info.title || t("join.title");
    if (word === null && info.seat !== null) return sit();
    return showDoor(place, { info, word, onSeat: sit, onOver: begin });
  } catch {
    showWord(place, t("join.heading"), t("join.away"));
    return setTimeout(begin, ASK_AGAIN_MS, word);
  }
}

function sit() {
  live = createLive({
    hello: { role: "student" },
    onState: (state) => {
      seat ??= takeSeat(place, { state, say: (news) => live.send(news), onLeave: leave });
      seat.show(state);
    },
    onProblem: ({ status }) => standUp(status === 403 ? t("join.removed") : t("join.anew")),
    onLink: (link) => {
      if (link === "over") finish();
      else seat?.showLink(link);
    },
  });
}

async function leave() {
  live?.close(); // else it would hear first that the seat is gone
  await leaveClass().catch(() => null);
  standUp(t("join.left"));
}

/** One's seat is gone: by oneself, or because the teacher removed it. */
function standUp(word) {
  leaveSeat();
  begin(word);
}

function finish() {
  leaveSeat();
  begin();
}

function leaveSeat() {
  live?.close();
  seat?.close();
  [live, seat] = [null, null];
  delete document.body.dataset.technique;
}

window.addEventListener("pagehide", () => seat?.close());
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
await begin();
document.documentElement.dataset.ready = "true";
