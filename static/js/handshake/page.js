/**
 * The page of the opening handshake: both messages line by line, the calculator, and a handshake of this browser's own.
 */

import { restoreAppearance } from "../shell/appearance.js";
import { address } from "../shell/base.js";
import { buildHeader } from "../shell/header.js";
import { roomOfPage } from "../shell/room.js";
import { createAttempt } from "./attempt.js";
import { createCalculator } from "./calculator.js";
import { createMessages } from "./messages.js";

restoreAppearance();
const { room } = roomOfPage();
const place = (id) => document.getElementById(id);
buildHeader(place("header"), { page: "handshake", room });

createMessages({ request: place("request"), response: place("response"), meaning: place("meaning-place") });
createCalculator({ key: place("key"), steps: place("steps") });
const attempt = createAttempt(place("attempt"), { url: address("api/handshake/ws") });

window.addEventListener("pagehide", () => attempt.close());
document.documentElement.dataset.ready = "true";
