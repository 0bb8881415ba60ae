/**
 * A real WebSocket, opened by a button, and all that a script gets to see of it.
 */

import { explainClose } from "../close-codes.js";
import { button, el, field, setText } from "../shell/dom.js";
import { duration, joined, NOT_KNOWN } from "../shell/format.js";

const KNOWN = ["chat", "superchat"];
const SEEN = {
  opened: "Time until open", protocol: "ws.protocol", extensions: "ws.extensions", first: "First message", closed: "Close",
};

/**
 * @param {URL} url - of the WebSocket, with the scheme of the page.
 * @param {typeof WebSocket} WebSocket - the browser's, or what stands for it in a test.
 */
export function createAttempt(place, { url, WebSocket = window.WebSocket, now = () => performance.now() }) {
  const boxes = KNOWN.map((name) => el("input", { type: "checkbox", value: name, checked: true, testid: `offer-${name}`, on: { change: show } }));
  const other = el("input.mono", { testid: "offer-other", maxlength: 40, on: { input: show },
    autocapitalize: "off", autocomplete: "off", spellcheck: "false" });
  const code = el("pre.code-line", { testid: "attempt-code", tabindex: "0" });
  const status = el("p.verdict", { testid: "attempt-status", role: "status" }, "Not opened yet.");
  const open = button("Open", start, { class: "primary", testid: "attempt-open" });
  const close = button("Close", () => socket?.close(1000), { testid: "attempt-close", disabled: true });
  const seen = Object.fromEntries(Object.keys(SEEN).map((name) => [name, el("dd", { testid: `seen-${name}` }, NOT_KNOWN)]));
  const address = url.href.replace(/^http/, "ws");
  let socket = null;

  function offered() {
    const extra = other.value.trim();
    return [...boxes.filter((box) => box.checked).map((box) => box.value), ...(extra === "" ? [] : [extra])];
  }

  function show() {
    const names = offered();
    setText(code, `ws = new WebSocket("${address}"${names.length ? `, ${JSON.stringify(names).replaceAll(",", ", ")}` : ""})`);
  }

  function start() {
    const names = offered();
    for (const each of Object.values(seen)) setText(each, NOT_KNOWN);
    const began = now();
    try {
      socket = new WebSocket(address, names);
    } catch (error) {
      return setText(status, `The browser throws ${error.name} and sends nothing: no name may stand there twice or hold a space, a comma or the like.`);
    }
    setText(status, "Connecting…");
    running(true);
    return watch(socket, names, began);
  }

  function watch(opening, names, began) {
    opening.addEventListener("open", () => {
      setText(status, "Open: the handshake is done, and the browser has checked the answer.");
      setText(seen.opened, joined(duration(now() - began)));
      setText(seen.protocol, quoted(opening.protocol));
      setText(seen.extensions, quoted(opening.extensions));
    });
    opening.addEventListener("message", ({ data }) => socket === opening && seen.first.textContent === NOT_KNOWN && setText(seen.first, data));
    opening.addEventListener("close", (event) => {
      if (socket !== opening) return; // another has been opened since
      const wasOpen = seen.opened.textContent !== NOT_KNOWN;
      setText(seen.closed, `${event.code}${event.reason ? ` “${event.reason}”` : ""}, ${event.wasClean ? "clean" : "not clean"}`);
      setText(status, wasOpen ? closedText(event) : failedText(names));
      running(false);
      socket = null;
    });
  }

  function running(is) {
    const focused = document.activeElement;
    open.disabled = is;
    close.disabled = !is;
    if (focused === open && is) close.focus();
    if (focused === close && !is) open.focus();
  }

  place.append(
    el("fieldset", {}, el("legend", {}, "Subprotocols to offer"),
      KNOWN.map((name, index) => el("label.check", {}, boxes[index], ` ${name}`)), field("another", other)),
    code,
    el("div.buttons", {}, open, close),
    status,
    el("dl.seen", {}, Object.entries(SEEN).map(([name, title]) => el("div", {}, el("dt", {}, title), seen[name]))));
  show();
  return {
    open() {
      socket?.close(1000);
      start();
    },
    close: () => socket?.close(1000),
  };
}

function closedText({ code, reason }) {
  return code === 1000 && reason === "" ? "Closed by this page: both sides have sent a Close frame." : explainClose({ code, reason });
}

function failedText(names) {
  const unknown = names.length > 0 && !names.some((name) => KNOWN.includes(name));
  return unknown
    ? "Failed. The server knows none of these and chose none; the RFC would let that pass, a browser does not. The script is told 1006 and no reason."
    : "Failed: the handshake was refused, or nobody answers. The script is told 1006 and no reason.";
}

function quoted(text) {
  return text === "" ? "\"\" (none)" : `"${text}"`;
}
