/**
 * How bytes stand in rows: which part of which field is where, in hex and as text, and what a field says.
 */

const LONGEST_VALUE = 400; // characters; a class reads no more of it
const PRINTABLE = { first: 0x20, last: 0x7e };
const decoder = new TextDecoder();

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/**
 * Cut the bytes from `start` to `end` into rows of `across`, and each row into the parts that belong to one field.
 *
 * @param {{offset: number, length: number}[]} fields - one after another.
 * @returns `[{ offset, parts: [{ field, start, end }] }]`; `field` is an index, or -1 for bytes that no field covers.
 */
export function cutIntoRows(fields, start, end, across) {
  const rows = [];
  let field = fields.findIndex((each) => each.offset + each.length > start);
  for (let offset = start; offset < end; offset += across) {
    const rowEnd = Math.min(offset + across, end);
    const parts = [];
    for (let at = offset; at < rowEnd;) {
      while (field !== -1 && field < fields.length && fields[field].offset + fields[field].length <= at) field += 1;
      const part = partAt(fields, field, at, rowEnd);
      parts.push(part);
      at = part.end;
    }
    rows.push({ offset, parts });
  }
  return rows;
}

function partAt(fields, field, at, rowEnd) {
  const next = fields[field];
  if (!next) return { field: -1, start: at, end: rowEnd };
  if (next.offset > at) return { field: -1, start: at, end: Math.min(next.offset, rowEnd) };
  return { field, start: at, end: Math.min(next.offset + next.length, rowEnd) };
}

/**
 * Returns how much of a part's upper and lower edge is an edge of its field, between 0 and 1: the field may go on in the
 * row above, where it begins further to the right, and in the row below, where it ends further to the left.
 */
export function edges(field, { start, end }, across) {
  const column = start % across;
  const last = column + end - start; // exclusive, as all ends
  const above = Math.max(field.offset, start - column - across); // where the field is in the row above, if it is there
  const below = Math.min(field.offset + field.length, start - column + 2 * across); // until where it is in the row below
  const opensAt = above < start - column ? above % across : across;
  const closesAt = Math.max(0, below - (start - column + across));
  const part = (columns) => Math.max(0, columns) / (last - column);
  return { top: part(Math.min(opensAt, last) - column), bottom: part(last - Math.max(closesAt, column)) };
}

/** Returns 0 or 1 for each field, so that neighbours of one account are told apart. */
export function shades(fields) {
  const found = [];
  fields.forEach(({ account }, index) => {
    found.push(index > 0 && fields[index - 1].account === account ? 1 - found[index - 1] : 0);
  });
  return found;
}

export function hex(byte) {
  return byte.toString(16).padStart(2, "0");
}

export function hexOf(bytes, start = 0, end = bytes.length) {
  return Array.from(bytes.subarray(start, end), hex).join(" ");
}

/** What is not printable ASCII is a middle dot. */
export function textOf(bytes, start, end) {
  return Array.from(bytes.subarray(start, end), (byte) =>
    byte >= PRINTABLE.first && byte <= PRINTABLE.last ? String.fromCharCode(byte) : "·").join("");
}

/** What a field says: in words, or else its own text, where line ends are seen as `\r\n`; what is no text is in hex. */
export function valueOf(field, bytes) {
  const text = field.value || ownText(field, bytes);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function ownText({ offset, length, bits }, bytes) {
  if (bytes === null) return "";
  const own = bytes.subarray(offset, offset + Math.min(length, 4 * LONGEST_VALUE));
  if (bits?.length > 0) return hexOf(own); // its bits say something, and not as a character
  const text = decoder.decode(own, { stream: own.length < length }); // which keeps half a character at the end to itself
  decoder.decode();
  if (text.includes("\ufffd")) return hexOf(own);
  return text.replace(/[\u0000-\u001f\u007f]/g, (character) => JSON.stringify(character).slice(1, -1));
}

/**
 * Returns the digits of each part of a field whose bits say several things: `[{ name, value, digits }]`, from the most
 * significant bit of its first byte on; `digits` is empty where the bytes are not known.
 */
export function bitParts({ bits, offset }, bytes) {
  let at = 8 * offset;
  return bits.map(({ name, value, width }) => {
    const start = at;
    at += width;
    const digits = bytes ? Array.from({ length: width }, (_, index) => bitAt(bytes, start + index)) : [];
    return { name, value, width, digits };
  });
}

function bitAt(bytes, index) {
  return (bytes[index >> 3] >> (7 - (index & 7))) & 1;
}
