/**
 * The teacher's commands. Each is a request with the token; what the server refuses it says in a sentence, which is the
 * message of the error that is thrown.
 */

import { address } from "../shell/base.js";
import { t } from "../shell/language.js";

const WITHIN_MS = 10_000;

/** @param {string} token - who has it is the teacher. */
export function createCommands(token) {
  async function ask(method, path, body) {
    const headers = { Authorization: `Bearer ${token}` };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const init = { method, headers, body: JSON.stringify(body), cache: "no-store", signal: AbortSignal.timeout?.(WITHIN_MS) };
    const response = await fetch(address(`api/class${path}`), init).catch(() => {
      throw new Error(t("console.unreachable"));
    });
    if (response.ok) return response;
    const problem = await response.json().catch(() => null);
    throw Object.assign(new Error(problem?.detail ?? `${response.status}`), { status: response.status });
  }

  const seat = (id) => `/seats/${encodeURIComponent(id)}`;
  return {
    setClass: (changes) => ask("PATCH", "", changes),
    setGroup: (name, changes) => ask("PATCH", `/groups/${name}`, changes),
    strike: (name, fault, seconds) => ask("POST", `/groups/${name}/faults`, seconds === undefined ? { fault } : { fault, seconds }),
    divide: (groups) => ask("POST", "/division", { groups }),
    setSeat: (id, changes) => ask("PATCH", seat(id), changes),
    removeSeat: (id) => ask("DELETE", seat(id)),
    say: (text) => ask("POST", "/messages", { text }),
    hide: (id) => ask("DELETE", `/messages/${encodeURIComponent(id)}`),
    clear: () => ask("POST", "/clear"),
    zero: () => ask("POST", "/zero"),
    experiment: (name, phase) => ask("POST", "/experiment", { name, phase }),
    endExperiment: () => ask("DELETE", "/experiment"),
    show: (shows) => ask("POST", "/projector", { shows }),
    simulate: (clients) => ask("POST", "/simulated", { clients }),
    end: () => ask("POST", "/end"),
    /** Save the results as a file; `ending` is `json` or `csv`. */
    async saveResults(ending) {
      const response = await ask("GET", `/results.${ending}`);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await response.blob());
      link.download = `pushdemo-class.${ending}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), WITHIN_MS);
    },
  };
}
