/**
 * The source of this very technique, as it runs: this page's JavaScript and the server's Python, fetched
 * when a reader opens it.
 */

import { address } from "../shell/base.js";
import { copyButton } from "../shell/copy.js";
import { el } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { highlight } from "./highlight.js";

export function createSources(place, technique) {
  place.append(
    el("h3", {}, t("source.title")),
    source(t("source.page"), "source-js", address(`static/js/transports/${technique}.js`), "javascript"),
    source(t("source.server"), "source-python", address(`api/source/${technique}`), "python"));
}

function source(label, testid, url, language) {
  const body = el("div.source");
  let text = null;
  const details = el("details.code", { testid, on: { toggle: () => details.open && text === null && load() } },
    el("summary", {}, label), body);

  async function load() {
    body.replaceChildren(el("p.hint", { role: "status" }, t("source.loading")));
    try {
      const response = await fetch(url);
      if (!response.ok) throw new Error(t("source.status", { status: String(response.status) }));
      text = await response.text();
      body.replaceChildren(copyButton(() => text, t("source.copy", { label })),
        el("pre", { tabindex: "0", "aria-label": label }, el("code", {}, highlight(text, language))));
    } catch (error) {
      body.replaceChildren(el("p.hint.bad", {}, t("source.failed", { reason: error.message })));
    }
  }

  return details;
}
