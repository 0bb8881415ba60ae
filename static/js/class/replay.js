/**
 * A recorded class played again (pushdemo/classroom/recording.py says what is in the file): the states that the projector
 * was told, and the messages, each when its time has come. It can be paused, played faster, and set to any moment.
 */

const FORMAT = 1;
const STEP_MS = 250; // how often it is looked what is due
const STOP_EVERY = 100; // lines: a jump goes on from the last stop before it, and not from the beginning
export const SPEEDS = [1, 2, 5, 10];

/**
 * Read a recording.
 *
 * @returns `{ head, lines, lengthMs, captures: [{ group, pcapng }], marks: [{ at, what, name }], stops: [{ next, at, state }] }`:
 *   the marks are when an experiment or a fault began; at a stop, the state is that before the line `next`.
 * @throws TypeError when it is none.
 */
export function readRecording(text) {
  const [head, ...rest] = text.split("\n").filter(Boolean).map(parseLine);
  if (head?.pushdemo_recording !== FORMAT) throw new TypeError("This is not a recording of a class, or of another version.");
  const captures = rest.filter(({ capture }) => capture).map(({ capture }) => capture);
  const lines = rest.filter(({ at, capture }) => at !== undefined && !capture);
  if (lines[0]?.state) lines[0].at = 0; // it was so from the beginning, though it took a moment to write down
  return { head, lines, captures, ...goThrough(lines), lengthMs: lines.at(-1)?.at ?? 0 };
}

/** A class that ended with its laptop's battery has half a last line: what was written before counts. */
function parseLine(line) {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}

function goThrough(lines) {
  const [marks, stops] = [[], []];
  let state = null;
  for (const [next, line] of lines.entries()) {
    if (next % STOP_EVERY === 0) stops.push({ next, at: line.at, state });
    const before = state;
    state = follow(state, line);
    if (state === before || before === null) continue;
    if (state.fault !== null && state.fault.number !== before.fault?.number) marks.push({ at: line.at, what: "fault", name: state.fault.fault });
    const [now, former] = [state.experiment, before.experiment];
    if (now?.phase === "running" && !(former?.phase === "running" && former.name === now.name)) marks.push({ at: line.at, what: "experiment", name: now.name });
  }
  return { marks, stops };
}

/** Returns the state after a line; the one before is left as it is. */
export function follow(state, line) {
  if (line.state) return line.state;
  if (!line.set) return state;
  return line.set.reduce((changing, [path, value]) => withValue(changing, path.split("/"), value), state);
}

function withValue(object, [name, ...rest], value) {
  return { ...object, [name]: rest.length === 0 ? value : withValue(object[name], rest, value) };
}

/**
 * @param {object} recording - of readRecording.
 * @param {(state: object) => void} onState - with `role` and `now` as the live socket gives them.
 * @param {(messages: object[], isAnew: boolean) => void} onMessages - new ones; or, after a jump, all that there are by then.
 * @param {() => void} onChange - it plays, or does not, at another speed or moment.
 */
export function createPlayer(recording, { onState, onMessages, onChange, timers = globalThis, clock = () => performance.now() }) {
  const { lines, stops, head, lengthMs } = recording;
  let next = 0; // line
  let state = null;
  let at = 0;
  let speed = 1;
  let timer = null;
  let lookedAt = 0;

  function play() {
    if (timer !== null) return;
    if (at >= lengthMs) seek(0);
    lookedAt = clock();
    timer = timers.setInterval(look, STEP_MS);
    onChange();
  }

  function pause() {
    timers.clearInterval(timer);
    timer = null;
    onChange();
  }

  function look() {
    const now = clock();
    goTo(at + speed * (now - lookedAt), false);
    lookedAt = now;
    if (at >= lengthMs) pause();
    else onChange();
  }

  /** Be at another moment, in either direction. */
  function seek(ms) {
    const { next: before, state: then } = stops.filter((stop) => stop.at <= ms).at(-1) ?? { next: 0, state: null };
    [next, state] = [before, then];
    goTo(ms, true, lines.slice(0, next).flatMap(({ message }) => message ?? []));
    onChange();
  }

  function goTo(ms, isAnew, messages = []) {
    at = Math.min(lengthMs, Math.max(0, ms));
    const before = state;
    for (; next < lines.length && lines[next].at <= at; next += 1) {
      if (lines[next].message) messages.push(lines[next].message);
      else state = follow(state, lines[next]);
    }
    if (messages.length > 0 || isAnew) onMessages(messages, isAnew);
    if (state !== null && (state !== before || isAnew)) onState({ ...state, role: "projector", now: head.made_at + at });
  }

  return {
    play, pause, seek,
    setSpeed(times) {
      if (timer !== null) look();
      speed = times;
      onChange();
    },
    get isPlaying() { return timer !== null; },
    get at() { return at; },
    get speed() { return speed; },
    lengthMs,
  };
}
