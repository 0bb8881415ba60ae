/**
 * One HTTP request and its answer: recorded, limited in time, and its failures told apart.
 */
import { parseRetryAfter, problemError, retryableError } from "./problems.js";
import { t } from "./shell/language.js";

export const ANSWER_WITHIN_MS = 10_000;

/**
 * @param session gives `environment` and `traffic`.
 * @param request `{ method, url, headers, body, kind, purpose, timeLimitMs, controller }`.
 * @returns the parsed body; null for 304.
 * @throws what problems.js describes, or an AbortError when `controller` was aborted by us.
 */
export async function exchange(session, request) {
  const { method = "GET", url, body, kind = "request", purpose } = request;
  const label = `${method} ${url.pathname.split("/").pop()}${purpose ? `, ${purpose}` : url.search}`;
  const record = session.traffic.begin({ direction: "both", kind, label, sent: body });
  try {
    const { response, text } = await fetchText(session.environment, request);
    const answer = parseJson(text);
    session.traffic.end(record, { status: response.status, received: text, ...countMessages(response, answer) });
    return judge(response, answer, session.environment.now());
  } catch (error) {
    session.traffic.end(record, { status: error.name === "AbortError" ? "cancelled" : "failed" });
    throw error;
  }
}

async function fetchText(environment, request) {
  const { method = "GET", url, headers = {}, body, timeLimitMs = ANSWER_WITHIN_MS } = request;
  const controller = request.controller ?? new AbortController();
  let late = false;
  const limit = environment.setTimeout(() => { late = true; controller.abort(); }, timeLimitMs);
  try {
    const init = { method, headers, body, cache: "no-store", signal: controller.signal };
    const response = await environment.fetch(url.href, init);
    return { response, text: await response.text() };
  } catch (error) {
    if (late) throw retryableError(t("session.no-answer", { seconds: timeLimitMs / 1000 }));
    if (controller.signal.aborted) throw new DOMException(t("problem.cancelled"), "AbortError");
    throw retryableError(t("problem.unreachable"));
  } finally {
    environment.clearTimeout(limit);
  }
}

/** Returns the answer, or throws what its status says. */
function judge(response, answer, nowMs) {
  if (response.status === 304) return null;
  if (response.ok && answer !== null) return answer;
  if (response.ok) throw retryableError(t("problem.sign-in"));
  const retryAfterMs = parseRetryAfter(response.headers.get("Retry-After"), nowMs);
  throw problemError({ ...answer, status: response.status }, retryAfterMs);
}

function parseJson(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

function countMessages(response, answer) {
  const messages = Array.isArray(answer?.messages) ? answer.messages.length : 0;
  const isReading = response.status === 304 || Array.isArray(answer?.messages);
  return { messages, empty: isReading && messages === 0 };
}
