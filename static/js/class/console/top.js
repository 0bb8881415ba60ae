/**
 * The class itself: its title, how to get in, how many are there, and its end.
 */

import { address } from "../../shell/base.js";
import { button, el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { confirmButton } from "../confirm-button.js";
import { createSaid, part } from "./controls.js";

export function createTop(commands) {
  const said = createSaid();
  const title = el("input", { id: "class-title", testid: "class-title", maxlength: 80, placeholder: t("console.title.none"), autocomplete: "off" });
  const join = el("a", { testid: "join-address", target: "_blank", rel: "noopener" });
  const projector = el("a.door", { target: "_blank", rel: "noopener", testid: "projector-link" }, t("console.projector.open"));
  const people = el("strong", { testid: "people" });
  const recording = el("p.hint", { hidden: true });
  const end = confirmButton(t("console.end"), t("console.end.sure"), () => said.attempt(commands.end), { testid: "end" });
  title.addEventListener("change", () => said.attempt(() => commands.setClass({ title: title.value.trim() })));
  const element = part("class",
    el("div.class-top", {},
      el("img.qr", { src: address("api/class/qr.svg").href, alt: t("console.qr"), width: 120, height: 120 }),
      el("div.class-words", {},
        el("label", { for: "class-title" }, t("console.title.label")), title,
        el("p", {}, t("console.join-at"), " ", join),
        el("p", {}, people),
        el("div.buttons", {}, projector,
          button(t("console.results.csv"), () => said.attempt(() => commands.saveResults("csv")), { testid: "results-csv" }),
          button(t("console.results.json"), () => said.attempt(() => commands.saveResults("json")), { testid: "results-json" }),
          end))),
    recording, said.element);

  function show({ class: info, people: seats, recording: file }) {
    if (document.activeElement !== title) title.value = info.title;
    setText(join, info.address);
    join.href = info.address;
    projector.href = address("class/projector");
    const there = seats.filter(({ connected }) => connected).length;
    setText(people, t("console.people", { count: seats.length, there }));
    end.disabled = info.state === "ended";
    recording.hidden = file === null;
    if (file !== null) setText(recording, file.failure ?? t("console.recording", { path: file.path, kib: Math.round(file.bytes / 1024) }));
    element.dataset.ended = String(info.state === "ended");
  }

  return { element, show };
}
