/**
 * SHA-1 as FIPS 180-4 writes it down, because over plain http a script has no `crypto.subtle`.
 *
 * Nobody should sign anything with SHA-1 any more: collisions have been found. The handshake does not rest on that.
 */

const BLOCK_BYTES = 64; // 512 bits
const LENGTH_BYTES = 8; // the message's length in bits stands at the very end
const ROUNDS = 80;

/** Section 5.3.1: the initial hash value. */
const H0 = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

/** Section 4.2.1: a constant for each twenty rounds. */
const K = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

/** Section 4.1.1: a function for each twenty rounds; Ch chooses, Parity counts, Maj votes. */
const Ch = (x, y, z) => (x & y) ^ (~x & z);
const Parity = (x, y, z) => x ^ y ^ z;
const Maj = (x, y, z) => (x & y) ^ (x & z) ^ (y & z);
const f = [Ch, Parity, Maj, Parity];

/** Section 3.2: rotate left by n bits. */
const ROTL = (n, x) => (x << n) | (x >>> (32 - n));

/**
 * @param {Uint8Array} message - of any length.
 * @returns {Uint8Array} the digest: 20 bytes.
 */
export function sha1(message) {
  const padded = pad(message);
  const H = [...H0];
  for (let start = 0; start < padded.byteLength; start += BLOCK_BYTES) compute(H, padded, start);
  const digest = new DataView(new ArrayBuffer(20));
  H.forEach((word, index) => digest.setUint32(4 * index, word));
  return new Uint8Array(digest.buffer);
}

/** Section 5.1.1: a bit 1, as many bits 0 as it takes, and the length, so that whole blocks are full. */
function pad(message) {
  const blocks = Math.ceil((message.length + 1 + LENGTH_BYTES) / BLOCK_BYTES);
  const bytes = new Uint8Array(blocks * BLOCK_BYTES);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const padded = new DataView(bytes.buffer);
  padded.setBigUint64(bytes.length - LENGTH_BYTES, 8n * BigInt(message.length));
  return padded;
}

/** Section 6.1.2: take one block into the hash value H. */
function compute(H, padded, start) {
  const W = schedule(padded, start);
  let [a, b, c, d, e] = H;
  for (let t = 0; t < ROUNDS; t += 1) {
    const part = Math.floor(t / 20);
    const T = (ROTL(5, a) + f[part](b, c, d) + e + K[part] + W[t]) | 0; // modulo 2^32
    [e, d, c, b, a] = [d, c, ROTL(30, b), a, T];
  }
  [a, b, c, d, e].forEach((word, index) => { H[index] = (H[index] + word) | 0; });
}

/** Section 6.1.2, step 1: the block's 16 words, and 64 more made of them. */
function schedule(padded, start) {
  const W = [];
  for (let t = 0; t < ROUNDS; t += 1) {
    W[t] = t < 16 ? padded.getUint32(start + 4 * t) : ROTL(1, W[t - 3] ^ W[t - 8] ^ W[t - 14] ^ W[t - 16]);
  }
  return W;
}
