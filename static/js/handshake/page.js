/**
 * The page of the opening handshake: both messages line by line, the calculator, a handshake of this browser's own, as a
 * script sees it and as it crosses the wire, and a console to make one by hand.
 */

import { APP_BASE } from "../environment.js";
import { labOfPage } from "../lab/place.js";
import { restoreAppearance } from "../shell/appearance.js";
import { address } from "../shell/base.js";
import { buildHeader } from "../shell/header.js";
import { roomOfPage } from "../shell/room.js";
import { createAttempt } from "./attempt.js";
import { createByHand } from "./by-hand.js";
import { createCalculator } from "./calculator.js";
import { createLive } from "./live.js";
import { createMessages } from "./messages.js";

restoreAppearance();
const lab = labOfPage();
const { room } = roomOfPage();
const place = (id) => document.getElementById(id);
buildHeader(place("header"), { page: "handshake", room });

createMessages({ request: place("request"), response: place("response"), meaning: place("meaning-place") });
const calculator = createCalculator({ key: place("key"), steps: place("steps") });
const attempt = createAttempt(place("attempt"), { url: address("api/handshake/ws") });
createLive(place("live-place"), { attempt, onCompute: calculator.compute });
const { host, origin } = lab?.main ?? location;
const byHand = createByHand(place("by-hand-place"), {
  url: address("api/handshake/by-hand"), here: { host, origin, base: APP_BASE.pathname }, onCompute: calculator.compute,
});

window.addEventListener("pagehide", () => {
  attempt.close();
  byHand.close();
});
document.documentElement.dataset.ready = "true";
