/**
 * The page in place of the report while there is none. The report itself is a file of the benchmark's, without scripts.
 */

import { restoreAppearance } from "./shell/appearance.js";
import { pageAddress } from "./shell/base.js";
import { copyButton } from "./shell/copy.js";
import { el } from "./shell/dom.js";
import { buildHeader } from "./shell/header.js";
import { rich, t } from "./shell/language.js";
import { roomOfPage } from "./shell/room.js";

restoreAppearance();
const { room } = roomOfPage();

buildHeader(document.getElementById("header"), { page: "report", room });
const again = el("a", { href: "report", data: { opens: "report" } }, t("report.reload"));
document.getElementById("ended").append(...rich("report.ended", { link: again }));
for (const link of document.querySelectorAll("a[data-opens]")) link.href = pageAddress(link.dataset.opens, room);
for (const line of document.querySelectorAll("[data-copies]")) {
  const text = line.textContent;
  line.append(copyButton(() => text, t("copy.what", { what: text })));
}
document.documentElement.dataset.ready = "true";
