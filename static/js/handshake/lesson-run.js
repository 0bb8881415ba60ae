/**
 * A lesson as it is gone through: which step is at hand, what it sends, and whether its answer came as expected.
 */

/**
 * @param {object} lesson - `{ title, steps }`, see lessons.js.
 * @param {object} here - what the steps have to know of this server and page: `{ host, origin, base }`.
 */
export function createRun(lesson, here) {
  const learned = {}; // from the answers, such as a session's id
  let index = 0;
  let answers = [];
  let verdict = null;
  let isWaiting = false;

  const step = () => lesson.steps[index];

  /** The step's bytes are on their way. */
  function sent() {
    answers = [];
    verdict = null;
    isWaiting = true;
  }

  /** An answer came on the step's connection. */
  function heard(answer) {
    if (!isWaiting || answer === null) return;
    answers.push(answer);
    judge(false);
  }

  /** The step's connection has ended. */
  function ended() {
    if (isWaiting) judge(true);
  }

  function judge(isOver) {
    verdict = step().expect.check(answers, { isOver });
    if (verdict === null) return;
    isWaiting = false;
    if (verdict.good) Object.assign(learned, step().learn?.(answers));
  }

  return {
    lesson, sent, heard, ended,
    get index() { return index; },
    get step() { return step(); },
    get verdict() { return verdict; },
    get isWaiting() { return isWaiting; },
    get isLast() { return index === lesson.steps.length - 1; },
    content: () => step().send({ ...here, ...learned }),
    next() {
      index += 1;
      verdict = null;
      isWaiting = false;
    },
  };
}
