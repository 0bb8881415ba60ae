/**
 * Base64 (RFC 4648 section 4): three bytes become four characters of six bits each. The browser's `btoa` does the same,
 * but does not show how.
 */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Returns `[{ bytes, characters }]`: three bytes each (at the end perhaps fewer), and the four characters they become. */
export function base64Groups(bytes) {
  const groups = [];
  for (let start = 0; start < bytes.length; start += 3) {
    const three = bytes.slice(start, start + 3);
    groups.push({ bytes: three, characters: fourCharacters(three) });
  }
  return groups;
}

function fourCharacters(bytes) {
  const [first, second = 0, third = 0] = bytes;
  const bits = (first << 16) | (second << 8) | third;
  const characters = [18, 12, 6, 0].map((shift) => ALPHABET[(bits >> shift) & 0b111111]);
  return characters.map((character, index) => (index <= bytes.length ? character : "=")).join("");
}

export function toBase64(bytes) {
  return base64Groups(bytes).map(({ characters }) => characters).join("");
}

/** Returns the bytes; null if the text is not base64 with its padding. Bits left over at the end may be anything. */
export function fromBase64(text) {
  if (!BASE64.test(text)) return null;
  const characters = text.replace(/=+$/, "");
  const bytes = new Uint8Array(Math.floor((characters.length * 6) / 8));
  let bits = 0;
  let filled = 0;
  for (let index = 0, place = 0; index < characters.length; index += 1) {
    bits = ((bits << 6) | ALPHABET.indexOf(characters[index])) & 0xffff;
    filled += 6;
    if (filled < 8) continue;
    filled -= 8;
    bytes[place] = bits >> filled;
    place += 1;
  }
  return bytes;
}
