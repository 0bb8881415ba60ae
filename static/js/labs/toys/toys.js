/**
 * Clients that do one thing otherwise than the transports, each named for it; for experiments only. They have the
 * transports' interface and run in a frame in a transport's place.
 */

import { connect as lateWaiter } from "./late-waiter.js";
import { connect as manyStreams } from "./many-streams.js";
import { connect as noCursor } from "./no-cursor.js";
import { connect as heartbeat } from "./heartbeat.js";

export const TOYS = Object.freeze({
  "no-cursor": noCursor, // forgets its place when the connection breaks
  "late-waiter": lateWaiter, // finds out its place too late
  "many-streams": manyStreams, // has more of them than a browser has connections
  heartbeat, // the other way round: what WebSocket's transport does not do, for a page that must know
});
