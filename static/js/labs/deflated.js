/**
 * What deflate (RFC 1951) makes of texts, by the browser's own CompressionStream, where it has one.
 *
 * permessage-deflate (RFC 7692) ends each message a little otherwise, by a flush in place of a last block: by a byte at
 * most, the sizes here may be too small.
 */

export const canDeflate = () => typeof CompressionStream === "function";

/** @returns {Promise<number | null>} bytes; null where the browser cannot, or knows no bare deflate. */
export async function deflatedSize(text) {
  if (!canDeflate()) return null;
  try {
    const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    return (await new Response(stream).arrayBuffer()).byteLength;
  } catch {
    return null;
  }
}

/**
 * Of some texts, as they become more: bytes as they are, with each deflated by itself, and with all in one stream.
 *
 * @returns `take(texts)`, fulfilled with `{ count, plain, alone, together }`, null where the browser cannot.
 */
export function createDeflated(sizeOf = deflatedSize) {
  const known = new Map(); // text -> promise of its size

  async function take(texts) {
    for (const text of texts) if (!known.has(text)) known.set(text, sizeOf(text));
    const sizes = await Promise.all(texts.map((text) => known.get(text)));
    const together = await sizeOf(texts.join(""));
    if (texts.length === 0 || together === null || sizes.includes(null)) return null;
    const sum = (of) => of.reduce((all, each) => all + each, 0);
    return { count: texts.length, plain: sum(texts.map(bytesOf)), alone: sum(sizes), together };
  }

  return { take };
}

function bytesOf(text) {
  return new TextEncoder().encode(text).length;
}
