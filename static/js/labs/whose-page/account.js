/**
 * The victim's side: signing in to the demonstration account, its WebSocket, and what the account says.
 */

import { address } from "../../shell/base.js";
import { t } from "../../shell/language.js";
import { door } from "./doors.js";

/** @param {(account: object) => void} onNews - name, number, bookings and who asked, as they are now. */
export function createAccount({ onNews }) {
  let socket = null;

  async function ask(path, init = {}) {
    const response = await fetch(address(path), { cache: "no-store", ...init });
    const answer = await response.json().catch(() => null);
    if (!response.ok) throw new Error(answer?.detail ?? t("problem.status", { status: String(response.status) }));
    return answer;
  }

  const post = (path, body) => ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

  /** Fulfilled when the account is signed in to, and its WebSocket is open. */
  async function signIn(name) {
    close();
    await post("api/labs/whose-page/sign-in", { name });
    const url = address(door("checked").path);
    url.protocol = url.protocol.replace("http", "ws");
    const opening = socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      opening.onmessage = ({ data }) => {
        const told = JSON.parse(data);
        if (opening === socket && told.signed_in) onNews(told);
        if (told.signed_in) resolve();
        else reject(new Error(t("lab.whose-page.no-cookie")));
      };
      opening.onclose = () => reject(new Error(t("lab.unreachable")));
    });
  }

  function close() {
    if (socket !== null) socket.onclose = null;
    socket?.close();
    socket = null;
  }

  return {
    signIn, close,
    book: (what) => post(door("post").path, { book: what }),
    /** How it is at last, whatever the WebSocket has not told yet. */
    look: () => ask(door("get").path),
  };
}
