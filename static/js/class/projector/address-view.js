/** How to join: the QR code as big as fits, the address to type, and the names as they arrive. */

import { address } from "../../shell/base.js";
import { el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { viewOf } from "./stage.js";

const NEWEST = 40; // more names than these have no room anywhere
const SIZES = [1, 3];

/** Of a recorded class nobody needs the QR code. */
export function createAddressView({ messages }) {
  const link = el("p.join-address", { testid: "join-address" });
  const many = el("p.many", { role: "status" });
  const latest = el("ul.names");
  const qr = messages === undefined ? el("img.qr", { src: address("api/class/qr.svg").href, alt: t("console.qr") }) : null;
  const title = el("h1.title");

  function show({ class: info, people: all }) {
    setText(title, info.title || t("join.heading"));
    const [, host, path] = /^http:\/\/([^/]*)(.*)$/.exec(info.address) ?? [null, info.address, ""];
    if (link.textContent !== host + path) link.replaceChildren(el("span", {}, host), el("span", {}, path));
    setText(many, t("projector.people", { count: all.length }));
    latest.replaceChildren(...all.slice(-NEWEST).reverse().map(({ name, technique }) => el("li", { data: { accent: technique ?? "" } }, el("bdi", {}, name))));
  }

  /** The list has what room is left; a name that is cut in half is left out. */
  function settle() {
    const { bottom } = latest.getBoundingClientRect();
    for (const each of [...latest.children]) if (each.getBoundingClientRect().bottom > bottom + 1) each.remove();
  }

  const how = el("p", {}, messages === undefined ? t("projector.open") : t("replay.was-at"));
  const words = el("div.join-words", {}, title, how, link, many, latest);
  return viewOf("address", show, [qr, words].filter(Boolean), { sizes: SIZES, settle });
}
