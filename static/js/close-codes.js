/** What a WebSocket's close code says (RFC 6455 section 7.4.1 and IANA's registry), in a sentence for people. */
import { t } from "./shell/language.js";

const KNOWN = new Set([1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013]);

export function explainClose({ code, reason }) {
  const meaning = t(KNOWN.has(code) ? /* text */ `close-code.${code}` : /* text */ "session.was-closed");
  return reason ? t("close-code.because", { meaning, code: String(code), reason }) : t("close-code.plain", { meaning, code: String(code) });
}
