/** Lubbers and Greco's figures, and their arithmetic. */

export { frameHead } from "../choose/model.js";

export const HEADS_BYTES = 871; // characters of a poll's question and answer, without line ends
export const HEADS_BYTES_ON_THE_WIRE = 909; // 716 + 193, with CRLF and the blank lines
export const FRAME_BYTES = 2; // of a draft's frame, whatever it holds
export const CLIENTS = [1000, 10_000, 100_000];
export const MEGABITS = { poll: [6.6, 66, 665], socket: [0.015, 0.153, 1.526] }; // as printed

const BITS = 8;
const BITS_PER_MEGABIT = 2 ** 20; // theirs; a network's megabit is 1,000,000
const ENVELOPE_BYTES = 94; // of JSON around a text in a room of the bench: names, quotes, id, time

/** What so many clients that get a message a second each cost beside the messages. */
export function megabits(overheadBytes, clients) {
  return (overheadBytes * BITS * clients) / BITS_PER_MEGABIT;
}

export function messageBytes(textBytes) {
  return ENVELOPE_BYTES + textBytes;
}
