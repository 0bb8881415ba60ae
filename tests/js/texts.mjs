/** The English texts, for tests of what asks for them: import this first, for some files ask as they are loaded. */

import { readFileSync } from "node:fs";

import { useTexts } from "../../static/js/shell/language.js";

export const texts = JSON.parse(readFileSync(new URL("../../static/lang/en.json", import.meta.url), "utf8"));

useTexts("en", texts);
