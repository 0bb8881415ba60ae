/**
 * What is to be sent: lines of text, each of which ends in CRLF, or bytes, which the frame builder makes or one types.
 */

import { button, el, field, setText } from "../shell/dom.js";
import { bytes as size, joined } from "../shell/format.js";
import { t } from "../shell/language.js";
import { createFrameBuilder } from "./frame-builder.js";
import { linesToBytes, parseHex, shownLines, toHex } from "./octets.js";

const MOST_CHARACTERS = 60_000;

/** @param {() => void} onSend - Ctrl+Enter was pressed. */
export function createEditor({ onSend }) {
  const typed = { autocapitalize: "off", autocomplete: "off", spellcheck: "false", maxlength: MOST_CHARACTERS };
  const sends = (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && onSend();
  const text = el("textarea.mono", { testid: "lines", rows: 10, ...typed, on: { input: show, keydown: sends } });
  const bareLf = el("input", { type: "checkbox", testid: "bare-lf", on: { change: show } });
  const wire = el("div.shown-lines.mono", { testid: "shown-lines", tabindex: "0", role: "group", "aria-label": t("editor.as-sent.label") });
  const hex = el("textarea.mono", { testid: "hex", rows: 4, ...typed, on: { input: show, keydown: sends } });
  const problem = el("p.bad.problem", { role: "status", testid: "editor-problem" });
  const total = el("span.total", { testid: "editor-size" });
  let built = ""; // what the frame builder made last
  const unlike = el("p.hint", { testid: "not-built" });
  const builder = createFrameBuilder({ onFrame(bytes) { hex.value = built = bytes === null ? "" : toHex(bytes); show(); } });
  const modes = {
    lines: { choose: mode("lines", t("editor.lines-of-text")), part: el("div.lines-part", {},
      field(t("editor.lines"), text), el("label.check", {}, bareLf, ` ${t("editor.bare-lf")}`),
      el("div", {}, el("h4", {}, t("editor.as-sent")), wire)) },
    bytes: { choose: mode("bytes", t("editor.bytes")), part: el("div.bytes-part", {},
      builder.element, field(t("editor.hex"), hex), unlike) },
  };
  let now = "lines";

  function mode(name, label) {
    return button(label, () => choose(name), { testid: `mode-${name}`, "aria-pressed": "false" });
  }

  function choose(name) {
    now = name;
    for (const [each, { choose: made, part }] of Object.entries(modes)) {
      made.setAttribute("aria-pressed", String(each === name));
      part.hidden = each !== name;
    }
    show();
  }

  /** Returns `{ bytes, problem }`. */
  function read() {
    if (now === "bytes") return parseHex(hex.value);
    return { bytes: linesToBytes(text.value, { bareLf: bareLf.checked }), problem: null };
  }

  function show() {
    const { bytes, problem: why } = read();
    setText(problem, why ?? "");
    hex.setAttribute("aria-invalid", String(now === "bytes" && why !== null));
    setText(unlike, hex.value === built ? "" : t("editor.not-built"));
    setText(total, bytes === null ? "" : joined(size(bytes.length)));
    if (now !== "lines") return;
    const lines = shownLines(text.value, { bareLf: bareLf.checked });
    wire.replaceChildren(...lines.map(({ text: line, end }) => el("div", {}, line, el("span.line-end", {}, end))));
  }

  /** @param {object} content - of a lesson's step. */
  function fill(content) {
    if (content.text !== undefined) {
      text.value = content.text;
      bareLf.checked = content.bareLf ?? false;
      return choose("lines");
    }
    if (content.frame) builder.fill(content.frame);
    else hex.value = content.hex;
    return choose("bytes");
  }

  const element = el("div.editor", {},
    el("div.buttons.modes", { role: "group", "aria-label": t("editor.what") }, modes.lines.choose, modes.bytes.choose, total),
    modes.lines.part, modes.bytes.part, problem);
  builder.make();
  choose("lines");
  return { element, read, fill };
}
