/**
 * A technique's figures: what crossed its port, and what the page saw of it.
 */

import { ACCOUNTS } from "../lab/traffic-store.js";

const OF_THE_FRAME = "page"; // the frame's own files, which would be there without any technique

/**
 * What crossed a session's port on behalf of its technique: all but the frame's own files. A poll by which a stream asks
 * why it was refused is the stream's, too.
 */
export function wireOf(store) {
  const parts = Object.entries(store.techniques).filter(([name]) => name !== OF_THE_FRAME).map(([, part]) => part);
  const total = (of) => parts.reduce((sum, part) => sum + of(part), 0);
  const of = (way, account) => total((part) => part[way][account] ?? 0);
  const up = Object.fromEntries(ACCOUNTS.map(({ name }) => [name, of("up", name)]));
  const down = Object.fromEntries(ACCOUNTS.map(({ name }) => [name, of("down", name)]));
  return {
    requests: total((part) => part.requests),
    emptyAnswers: total((part) => part.empty),
    bytesUp: sumOf(up),
    bytesDown: sumOf(down),
    accounts: Object.fromEntries(ACCOUNTS.map(({ name }) => [name, up[name] + down[name]])),
  };
}

function sumOf(accounts) {
  return Object.values(accounts).reduce((sum, each) => sum + each, 0);
}

/** Everything that is shown of a lane (lane.js) at this moment. */
export function figuresOf(lane) {
  const wire = wireOf(lane.store);
  const bytes = wire.bytesUp + wire.bytesDown;
  return {
    ...wire, bytes,
    messages: lane.messages,
    bytesPerMessage: lane.messages === 0 ? null : bytes / lane.messages,
    opened: lane.store.opened(lane.technique.name),
    leftOut: lane.leftOut,
    ...lane.samples.summary(),
  };
}
