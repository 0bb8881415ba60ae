/**
 * What a lesson's step expects to come, and whether what came is it.
 *
 * Each is `{ says, check(answers, { isOver }) }`. `check` is asked again with every answer, and once more when the
 * connection has ended; it returns null as long as nothing is decided, else `{ good, came }`.
 */

import { t } from "../shell/language.js";
import { acceptSteps } from "./accept.js";

const NAMES = { 0x1: t("expect.text-frame"), 0x8: "Close", 0x9: "Ping", 0xa: "Pong" };

/**
 * A response with that status; `also` may look at it, and returns why it is not good enough, or null. `moreover` is what
 * is to be said of one that is.
 */
export function response(status, says, also = () => null, moreover = "") {
  return {
    says,
    check: (answers, { isOver }) => decide(answers.find(({ kind }) => kind === "response"), isOver, (found) => {
      const why = found.status === status ? also(found) : "";
      return why === null ? yes(named(found) + moreover) : no(why ? t("expect.but", { found: named(found), why }) : named(found));
    }),
  };
}

/** 101, with the accept value that belongs to the key. */
export function switched(key) {
  return response(101, t("expect.switched"),
    ({ fields }) => (fields["sec-websocket-accept"] === acceptSteps(key).accept ? null : t("expect.another-accept")),
    t("expect.fits"));
}

/** 101, with an accept value that does not belong to the key it is compared with. */
export function mismatch(key) {
  return response(101, t("expect.mismatch"),
    ({ fields }) => (fields["sec-websocket-accept"] === acceptSteps(key).accept ? t("expect.fits-anyway") : null),
    t("expect.fits-not"));
}

/** A frame of that kind, with that text; other frames may come before it. */
export function frame(opcode, text, says) {
  const fits = (answer) => answer.opcode === opcode && (typeof text === "string" ? answer.text === text : text.test(answer.text));
  return {
    says,
    check(answers, { isOver }) {
      const found = answers.find(fits);
      return found ? yes(named(found)) : decide(answers.find(isClose), isOver, (close) => no(named(close)));
    },
  };
}

/** A Close frame with that code. */
export function close(code, says) {
  return {
    says,
    check: (answers, { isOver }) => decide(answers.find(isClose), isOver, (found) => (found.code === code ? yes(named(found)) : no(named(found)))),
  };
}

/** A Close frame with that code, no other answer, and the end of the connection. */
export function closeAndNothingElse(code, says) {
  return {
    says,
    check(answers, { isOver }) {
      if (!isOver) return null;
      const others = answers.filter((answer) => !isClose(answer));
      if (others.length) return no(others.map(named).join(t("wire.comma")));
      return close(code, says).check(answers, { isOver });
    },
  };
}

function decide(found, isOver, judge) {
  if (found) return judge(found);
  return isOver ? no(t("expect.ended")) : null;
}

function isClose({ opcode }) {
  return opcode === 0x8;
}

function yes(came) {
  return { good: true, came };
}

function no(came) {
  return { good: false, came };
}

/** Returns an answer in a few words. */
export function named({ kind, status, reason, opcode, code, text }) {
  if (kind === "response") return `${status} ${reason}`;
  const name = NAMES[opcode] ?? t("expect.frame");
  if (opcode === 0x8) return `${name} ${code ?? t("expect.no-code")}${text && ` “${text}”`}`;
  return `${name} “${text}”`;
}
