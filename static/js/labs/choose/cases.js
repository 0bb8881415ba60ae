/**
 * Four uses, by the figures that decide: users; messages a minute that each gets, and sends; the delay that is tolerated;
 * bytes of text; what the server can send; one way of the network.
 *
 * - chat: the article's. Students of some thirty study rooms and their administrators, ten of them in a conversation.
 * - exam: all look whether the results are there; nobody sends.
 * - ticker: one source for all, five times a second.
 * - editing: four at a text, each sends what they type five times a second and gets what all four do.
 */
export const CASES = {
  chat: { users: 300, perMinute: 1, sendsPerMinute: 0.1, tolerableMs: 2000, textBytes: 100, uplinkMbit: 20, transitMs: 20 },
  exam: { users: 4000, perMinute: 0.1, sendsPerMinute: 0, tolerableMs: 60_000, textBytes: 200, uplinkMbit: 20, transitMs: 20 },
  ticker: { users: 10_000, perMinute: 300, sendsPerMinute: 0, tolerableMs: 250, textBytes: 80, uplinkMbit: 1000, transitMs: 20 },
  editing: { users: 200, perMinute: 1200, sendsPerMinute: 300, tolerableMs: 100, textBytes: 60, uplinkMbit: 100, transitMs: 20 },
};

/** As model.js takes it. */
export function useOf({ users, perMinute, sendsPerMinute, tolerableMs, textBytes, uplinkMbit, transitMs }) {
  return { users, rate: perMinute / 60, sends: sendsPerMinute / 60, tolerableMs, textBytes, uplinkMbit, transitMs };
}
