/**
 * The source of this very technique, as it runs: this page's JavaScript and the server's Python, fetched
 * when a reader opens it.
 */

import { address } from "../shell/base.js";
import { copyButton } from "../shell/copy.js";
import { el } from "../shell/dom.js";
import { highlight } from "./highlight.js";

export function createSources(place, technique) {
  place.append(
    el("h3", {}, "The code that runs"),
    source("In this page: JavaScript", "source-js", address(`static/js/transports/${technique}.js`), "javascript"),
    source("In the server: Python", "source-python", address(`api/source/${technique}`), "python"));
}

function source(label, testid, url, language) {
  const body = el("div.source");
  let text = null;
  const details = el("details.code", { testid, on: { toggle: () => details.open && text === null && load() } },
    el("summary", {}, label), body);

  async function load() {
    body.replaceChildren(el("p.hint", { role: "status" }, "Loading…"));
    try {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      text = await response.text();
      body.replaceChildren(copyButton(() => text, `Copy the source: ${label}`),
        el("pre", { tabindex: "0", "aria-label": label }, el("code", {}, highlight(text, language))));
    } catch (error) {
      body.replaceChildren(el("p.hint.bad", {}, `The source could not be loaded: ${error.message}. Close and open to try again.`));
    }
  }

  return details;
}
