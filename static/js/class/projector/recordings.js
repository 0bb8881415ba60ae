/**
 * Where a recording comes from: a file that the server has under static/recordings/, or one of the viewer's own, which
 * is read in the browser and sent to nobody.
 */

import { address } from "../../shell/base.js";
import { button, el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { readRecording } from "../replay.js";

const PATH = /^recordings\/[\w-]+\.jsonl$/; // of this server's recordings, and of nothing else

/** What the page's address asks to play: a path, "" for none in particular, or null where it is no replay. */
export function askedFor(search = location.search) {
  return new URLSearchParams(search).get("replay");
}

/** Read a recording of the server's. Throws an Error with a sentence. */
export async function fetchRecording(path) {
  if (!PATH.test(path)) throw new Error(t("replay.no-such", { path }));
  const response = await fetch(address(`static/${path}`)).catch(() => null);
  if (response === null) throw new Error(t("join.away"));
  if (!response.ok) throw new Error(t("replay.no-such", { path }));
  return read(await response.text(), path);
}

/** Read a file of the viewer's own. Throws an Error with a sentence. */
async function readOwn(file) {
  return read(await file.text(), file.name);
}

function read(text, name) {
  try {
    const recording = readRecording(text);
    if (recording.lines[0]?.state) return recording;
  } catch {
    // what it is instead does not matter
  }
  throw new Error(t("replay.not-one", { name }));
}

/**
 * A button to open a file of one's own.
 *
 * @param {(recording: object) => void} onRecording
 * @param {(sentence: string) => void} onProblem
 */
export function ownFileButton(onRecording, onProblem) {
  const input = el("input", { type: "file", accept: ".jsonl", hidden: true, testid: "own-recording", on: { change: open } });
  async function open() {
    const [file] = input.files;
    if (file === undefined) return;
    try {
      onRecording(await readOwn(file));
    } catch (error) {
      onProblem(error.message);
    }
    input.value = ""; // the same file may be chosen again
  }
  return el("span", {}, input, button(t("replay.own"), () => input.click(), { testid: "open-own", title: t("replay.own.hint") }));
}

/** Save what crossed a group's port, for Wireshark. */
export function saveCapture({ group, pcapng }) {
  const bytes = Uint8Array.from(atob(pcapng), (letter) => letter.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  const link = el("a", { href: url, download: `class-${group}.pcapng` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // Safari reads it later
}
