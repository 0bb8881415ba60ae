/**
 * The page of another origin: where it is, the frame in which it is visited, and what it tells.
 */

import { addressInLab } from "../../lab/place.js";
import { address } from "../../shell/base.js";
import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";

const WITHIN_MS = 30_000;

/** Its address at a lab session's port; what it is to try goes along. */
export function foreignAddress(lab, { tries, room }) {
  const url = address("labs/whose-page/elsewhere");
  url.searchParams.set("tries", tries);
  url.searchParams.set("room", room);
  return addressInLab(lab, url.href);
}

/**
 * Shows it in a frame.
 *
 * @param {(told: {key: string, read: boolean, said: string}) => void} onTried - what came of a door.
 * @returns {Promise} fulfilled when it has tried all, rejected when nothing is heard of it.
 */
export function visit(place, url, onTried) {
  const frame = el("iframe.elsewhere", { src: url.href, title: t("lab.whose-page.frame"), testid: "elsewhere" });
  place.replaceChildren(frame);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(reject, new Error(t("lab.whose-page.unheard"))), WITHIN_MS);

    function hear({ origin, source, data }) {
      if (origin !== url.origin || source !== frame.contentWindow) return;
      if (data.what === "tried") onTried(data);
      if (data.what === "done") end(resolve);
    }

    function end(how, value) {
      clearTimeout(timer);
      window.removeEventListener("message", hear);
      how(value);
    }

    window.addEventListener("message", hear);
  });
}
