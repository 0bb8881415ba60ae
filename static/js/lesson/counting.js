/**
 * What each meter counts, and what a script cannot see.
 */

import { el } from "../shell/dom.js";

const MEANINGS = {
  Requests: "HTTP requests of this page's chat: polls, the opening of a stream or WebSocket, and messages sent by POST. When a stream is refused, the poll that asks why is one too. Loading the page and comparing clocks are not counted.",
  "Empty answers": "Answers to a poll that brought no message.",
  Messages: "Messages this page received, history included, each once.",
  "TCP opened": "Connections made for those requests, as far as the browser tells (Resource Timing). 0 means that they went over connections kept from before. A response that is still open is not counted yet; a WebSocket always is a connection of its own. n/a: the browser has not said anything.",
  "Payload up, down": "Bodies, event data, frames as text, packets. Headers, framing, TCP and TLS are invisible to a script and come on top.",
  Delay: "From the server's time stamp to this page, less the difference of the two clocks. Only live messages: history and what was caught up are left out. The clocks are compared by the quickest of several requests; ± is how far off that may be, and of a delay shorter than that only ≤ is known.",
};

export function createCounting(place) {
  place.append(el("details.code.counting", {}, el("summary", {}, "What the meters count"),
    el("dl", {}, Object.entries(MEANINGS).map(([name, meaning]) => el("div", {}, el("dt", {}, name), el("dd", {}, meaning))))));
}
