/**
 * The conversation as this page knows it: messages in the order of the feed, and the gaps between them.
 *
 * It is kept for the tab, so that a reload and the page of another technique go on where this one
 * stopped: with what was shown, and with the cursor of the last message. Each message is taken once.
 */

export const KEPT_ENTRIES = 500;
export const KEPT_CHARACTERS = 500_000; // a tab's storage holds about 5 million bytes
export const GOES_STALE_MS = 30 * 60 * 1000; // older than that: begin anew with the last messages

/**
 * @param {object} store - keeps the conversation: `get(key)` and `set(key, value)`.
 * @param {(entry: object) => void} onEntry - called with `{ message, arrival }` or `{ gap }`.
 */
export function createConversation({ room, store, onEntry, now = Date.now }) {
  const key = `conversation:${room}`;
  const entries = []; // the newest, gaps included
  const known = new Set(); // the ids of their messages
  let cursor = null;

  /** Show what an earlier page of this tab had; tells whether there was anything. */
  function restore() {
    const kept = store.get(key);
    if (!kept || !kept.cursor || now() - kept.savedAt > GOES_STALE_MS) return false;
    for (const entry of kept.entries) take(entry);
    cursor = kept.cursor;
    return true;
  }

  function save() {
    if (cursor) store.set(key, { cursor, savedAt: now(), entries: lastThatFit(entries) });
  }

  /** Take a message from the feed; false when it was here already. */
  function add(message, arrival) {
    cursor = message.id;
    return take({ message, delayed: arrival.delayed === true, receivedAt: arrival.receivedAt });
  }

  function addGap(detail) {
    take({ gap: detail, at: now() });
  }

  function take(entry) {
    if (entry.message && known.has(entry.message.id)) return false;
    if (entry.message) known.add(entry.message.id);
    entries.push(entry);
    if (entries.length > 2 * KEPT_ENTRIES) forgetOldest();
    onEntry(entry);
    return true;
  }

  function forgetOldest() {
    for (const { message } of entries.splice(0, entries.length - KEPT_ENTRIES)) known.delete(message?.id);
  }

  return {
    restore, save, add, addGap,
    moveTo: (place) => (cursor = place ?? cursor),
    get cursor() { return cursor; },
  };
}

/** The newest entries that together stay below the limits of what is kept. */
export function lastThatFit(entries) {
  let characters = 0;
  let first = entries.length;
  while (first > 0 && entries.length - first < KEPT_ENTRIES) {
    characters += 200 + (entries[first - 1].message?.text.length ?? 0);
    if (characters > KEPT_CHARACTERS) break;
    first -= 1;
  }
  return entries.slice(first).map((entry) => ({ ...entry, delayed: true }));
}
