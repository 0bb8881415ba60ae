/**
 * The frame builder: FIN, RSV1, opcode, mask and payload, as fields; what they make goes to whoever asks for it.
 */

import { button, el, field, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { EXAMPLE_KEY, frameBytes, OPCODES } from "./frame-bytes.js";
import { parseHex, toHex, utf8 } from "./octets.js";

const KEY_BYTES = 4;

/** @param {(bytes: Uint8Array | null) => void} onFrame - null where the fields make none. */
export function createFrameBuilder({ onFrame, random = (bytes) => crypto.getRandomValues(bytes) }) {
  const check = (name, checked) => el("input", { type: "checkbox", testid: `frame-${name}`, checked, on: { change: make } });
  const fin = check("fin", true);
  const rsv1 = check("rsv1", false);
  const mask = check("mask", true);
  const opcode = el("select", { testid: "frame-opcode", on: { change: make } },
    OPCODES.map(({ code, name }) => el("option", { value: code }, `${code.toString(16).toUpperCase()} ${name}`)));
  const typed = { autocapitalize: "off", autocomplete: "off", spellcheck: "false", on: { input: make } };
  const key = el("input.mono.key-bytes", { testid: "frame-key", value: toHex(EXAMPLE_KEY), maxlength: 11, ...typed });
  const payload = el("input.mono", { testid: "frame-payload", value: "Hello", maxlength: 4000, ...typed });
  const kind = el("select", { testid: "frame-payload-kind", "aria-label": t("frame.typed-as"), on: { change: make } },
    el("option", { value: "text" }, t("frame.text")), el("option", { value: "hex" }, t("frame.hex")));
  const another = button(t("frame.another-key"), () => set({ key: random(new Uint8Array(KEY_BYTES)) }), { class: "quiet" });
  const problem = el("p.bad.problem", { role: "status" });

  function make() {
    const { bytes, problem: why } = read();
    setText(problem, why ?? "");
    key.disabled = another.disabled = !mask.checked;
    onFrame(bytes);
  }

  function read() {
    const data = kind.value === "text" ? { bytes: utf8(payload.value), problem: null } : parseHex(payload.value);
    const keyBytes = mask.checked ? parseHex(key.value) : { bytes: null, problem: null };
    if (data.problem) return { bytes: null, problem: t("frame.payload.problem", { problem: data.problem }) };
    if (keyBytes.problem || (mask.checked && keyBytes.bytes.length !== KEY_BYTES)) {
      return { bytes: null, problem: t("frame.key.problem", { problem: keyBytes.problem ?? t("frame.key.length", { wanted: KEY_BYTES, length: keyBytes.bytes.length }) }) };
    }
    const spec = { fin: fin.checked, rsv1: rsv1.checked, opcode: Number(opcode.value), key: keyBytes.bytes, payload: data.bytes };
    return { bytes: frameBytes(spec), problem: null };
  }

  function set({ key: bytes }) {
    key.value = toHex(bytes);
    make();
  }

  /** @param {object} spec - a lesson's frame; the masking key stays as it is. */
  function fill({ fin: isLast = true, rsv1: isMarked = false, opcode: code, isMasked = true, text, hex }) {
    fin.checked = isLast;
    rsv1.checked = isMarked;
    mask.checked = isMasked;
    opcode.value = String(code);
    kind.value = hex === undefined ? "text" : "hex";
    payload.value = hex ?? text ?? "";
    make();
  }

  const label = (box, text) => el("label.check", {}, box, ` ${text}`);
  const element = el("fieldset.frame-builder", {}, el("legend", {}, t("frame.build")),
    el("div.bits", {}, label(fin, "FIN"), label(rsv1, "RSV1"), field(t("frame.opcode"), opcode)),
    el("div.bits", {}, label(mask, t("frame.mask")), field(t("frame.key"), key), another),
    el("div.bits.payload", {}, field(t("frame.payload"), payload), kind),
    problem);
  return { element, fill, make };
}
