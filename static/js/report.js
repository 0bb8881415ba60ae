/**
 * The page in place of the report while there is none. The report itself is a file of the benchmark's, without scripts.
 */

import { restoreAppearance } from "./shell/appearance.js";
import { pageAddress } from "./shell/base.js";
import { copyButton } from "./shell/copy.js";
import { buildHeader } from "./shell/header.js";
import { roomOfPage } from "./shell/room.js";

restoreAppearance();
const { room } = roomOfPage();

buildHeader(document.getElementById("header"), { page: "report", room });
for (const link of document.querySelectorAll("a[data-opens]")) link.href = pageAddress(link.dataset.opens, room);
for (const line of document.querySelectorAll("[data-copies]")) {
  const text = line.textContent;
  line.append(copyButton(() => text, `Copy: ${text}`));
}
document.documentElement.dataset.ready = "true";
