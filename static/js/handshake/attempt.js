/**
 * A real WebSocket, opened by a button, and all that a script gets to see of it.
 */

import { explainClose } from "../close-codes.js";
import { button, el, field, setText } from "../shell/dom.js";
import { duration, joined, NOT_KNOWN } from "../shell/format.js";
import { t } from "../shell/language.js";

const KNOWN = ["chat", "superchat"];
const SEEN = {
  opened: t("attempt.opened"), protocol: "ws.protocol", extensions: "ws.extensions", first: t("attempt.first"), closed: t("attempt.closed"),
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
  const status = el("p.verdict", { testid: "attempt-status", role: "status" }, t("attempt.not-yet"));
  const open = button(t("attempt.open"), start, { class: "primary", testid: "attempt-open" });
  const close = button(t("attempt.close"), () => socket?.close(1000), { testid: "attempt-close", disabled: true });
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
      return setText(status, t("attempt.throws", { error: error.name }));
    }
    setText(status, t("attempt.connecting"));
    running(true);
    return watch(socket, names, began);
  }

  function watch(opening, names, began) {
    opening.addEventListener("open", () => {
      setText(status, t("attempt.is-open"));
      setText(seen.opened, joined(duration(now() - began)));
      setText(seen.protocol, quoted(opening.protocol));
      setText(seen.extensions, quoted(opening.extensions));
    });
    opening.addEventListener("message", ({ data }) => socket === opening && seen.first.textContent === NOT_KNOWN && setText(seen.first, data));
    opening.addEventListener("close", (event) => {
      if (socket !== opening) return; // another has been opened since
      const wasOpen = seen.opened.textContent !== NOT_KNOWN;
      setText(seen.closed, `${event.code}${event.reason ? ` “${event.reason}”` : ""}, ${event.wasClean ? t("attempt.clean") : t("attempt.not-clean")}`);
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
    el("fieldset", {}, el("legend", {}, t("attempt.offer")),
      KNOWN.map((name, index) => el("label.check", {}, boxes[index], ` ${name}`)), field(t("attempt.another"), other)),
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
  return code === 1000 && reason === "" ? t("attempt.closed-here") : explainClose({ code, reason });
}

function failedText(names) {
  const unknown = names.length > 0 && !names.some((name) => KNOWN.includes(name));
  return unknown
    ? t("attempt.none-known")
    : t("attempt.failed");
}

function quoted(text) {
  return text === "" ? t("attempt.none") : `"${text}"`;
}
