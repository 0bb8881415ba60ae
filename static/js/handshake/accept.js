/**
 * From `Sec-WebSocket-Key` to `Sec-WebSocket-Accept` (RFC 6455 section 4.2.2), step by step; and which keys are none.
 */

import { base64Groups, fromBase64, toBase64 } from "./base64.js";
import { t } from "../shell/language.js";
import { sha1 } from "./sha1.js";

/** The same for every WebSocket there is; nothing but a WebSocket server is likely to know it (section 1.3). */
export const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const KEY_BYTES = 16;
const encoder = new TextEncoder();

/** Returns `{ digest, groups, accept }`. The key goes in as the text it is; nobody decodes it here. */
export function acceptSteps(key) {
  const digest = sha1(encoder.encode(key + GUID));
  const groups = base64Groups(digest);
  return { digest, groups, accept: groups.map(({ characters }) => characters).join("") };
}

/** Returns a key as a browser makes it: 16 bytes of chance. */
export function randomKey(random = (bytes) => crypto.getRandomValues(bytes)) {
  return toBase64(random(new Uint8Array(KEY_BYTES)));
}

/** Returns, as a sentence, why a key is none (section 4.2.1); null if it is one. */
export function keyProblem(key) {
  if (key === "") return t("key.none");
  const foreign = [...key].find((character) => !/[A-Za-z0-9+/=]/.test(character));
  if (foreign) return t("key.foreign", { character: foreign });
  if (key.length % 4) return t("key.fours", { length: key.length });
  const bytes = fromBase64(key);
  if (bytes === null) return t("key.padding");
  if (bytes.length !== KEY_BYTES) return t("key.length", { wanted: KEY_BYTES, length: bytes.length });
  return null;
}
