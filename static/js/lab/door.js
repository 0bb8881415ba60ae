/**
 * The way into the lab, for a page at the server's main port: a session is opened, and the page goes on at its port.
 */

import { APP_BASE } from "../environment.js";
import { button, el, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { openSession } from "./lab-session.js";
import { addressInLab } from "./place.js";

/**
 * @param {string | null} title - null where the heading stands already.
 * @param {string} text - what is to be seen there.
 */
export function createDoor({ title, text }) {
  const say = el("p.said", { role: "status", testid: "lab-door-said" });
  const made = button(t("lab.open"), async () => {
    made.disabled = true;
    try {
      const session = await openSession(APP_BASE);
      location.assign(addressInLab(session));
    } catch (error) {
      setText(say, error.message);
      say.dataset.failed = "true";
      made.disabled = false;
    }
  }, { class: "primary", testid: "lab-open" });
  return el("div.door-to-lab", {},
    el("div", {}, title && el("h2", {}, title), el("p", {}, text)),
    made, say);
}
