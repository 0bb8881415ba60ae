/**
 * Where a reader stands in the feed: each message once, in order, none skipped unnoticed.
 *
 * A cursor is `<epoch>-<number>`. Numbers count without holes, so the next message of an epoch is known beforehand:
 * a lower one has been read already, a higher one means that something between got lost.
 */

const CURSOR = /^([a-z0-9]{1,16})-(\d+)$/;

/** Returns `{ epoch, number }`, or null for what is not a cursor. */
export function parseCursor(text) {
  const match = CURSOR.exec(text);
  return match && { epoch: match[1], number: Number(match[2]) };
}

/** Returns the cursor just before the message `id`. */
export function cursorBefore(id) {
  const { epoch, number } = parseCursor(id);
  return `${epoch}-${number - 1}`;
}

/**
 * @param {string | null} after where to start: a cursor, "latest", or null for the last 50 messages first.
 */
export function createInbox(after) {
  let cursor = after === "latest" ? null : after;
  let start = after;
  let holeBefore = null; // the message that came too early last time
  const newest = new Map(); // epoch -> the highest number handed over

  /** Judges a message: "next", "known" (drop it), "hole" (ask again), or "gap" (asked again, and still a hole). */
  function accept(id) {
    const came = parseCursor(id);
    if (came === null) throw new TypeError(`expected a message with a cursor as id, found ${id}`);
    const place = parseCursor(cursor);
    const isSameEpoch = place?.epoch === came.epoch;
    if (isSameEpoch && came.number <= place.number) return "known";
    const follows = place === null || (isSameEpoch && came.number === place.number + 1);
    if (!follows && holeBefore !== id) {
      holeBefore = id;
      return "hole";
    }
    cursor = id;
    if (came.number <= (newest.get(came.epoch) ?? 0)) return "known"; // a gap can lead back
    newest.set(came.epoch, came.number);
    return follows ? "next" : "gap";
  }

  function moveTo(place) {
    cursor = place;
    start = null;
  }

  return {
    accept,
    moveTo,
    get cursor() { return cursor; },
    get after() { return cursor ?? start; },
  };
}
