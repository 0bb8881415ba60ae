/**
 * Where this page is: at the server's main port, or at the port of a lab session.
 *
 * The page at the main port opens the session and goes to its port; what the page there must know goes along in the
 * fragment, which is not sent to the server, and is then kept for the tab.
 */

import { APP_BASE } from "../environment.js";
import { forBrowser, forTab } from "../shell/storage.js";

const KEEP = ["name", "language", "theme", "projector", "interval-s", "timeout-s", "transports"]; // remembered for one port alone

takeFromFragment(); // as this file is loaded, so that how the page looks is known before it is built

/** Returns `{ id, main }` of the lab session at whose port this page is, or null; `main` is the main port's base. */
export function labOfPage() {
  const kept = forTab.get("lab");
  return kept === null || kept.main === location.port ? null : { id: kept.id, main: withPort(APP_BASE, kept.main) };
}

/** A page that opens sessions of its own does so at the main port, and goes there. */
export function stayAtMainPort() {
  const lab = labOfPage();
  if (lab !== null) location.replace(withPort(location.href, lab.main.port));
}

function takeFromFragment() {
  const told = new URLSearchParams(location.hash.slice(1));
  if (!told.has("lab")) return;
  forTab.set("lab", { id: told.get("lab"), main: told.get("main") });
  for (const key of KEEP) {
    const value = parse(told.get(key));
    if (value === null) continue;
    forBrowser.set(key, value);
    if (forTab.get(key) !== null) forTab.set(key, value);
  }
  history.replaceState(history.state, "", location.pathname + location.search);
}

/** Returns where a page at the main port goes on in a lab session. */
export function addressInLab({ id, port }, href = location.href) {
  const url = withPort(href, port);
  const known = new URLSearchParams({ lab: id, main: location.port });
  for (const key of KEEP) {
    const value = forTab.get(key) ?? forBrowser.get(key);
    if (value !== null) known.set(key, JSON.stringify(value));
  }
  url.hash = known.toString();
  return url;
}

/** Returns a page's address as others may open it: a lab session's port is for its own page. */
export function addressForOthers(url) {
  const lab = labOfPage();
  return lab === null ? url : withPort(url, lab.main.port);
}

export function withPort(href, port) {
  const url = new URL(href);
  url.port = port;
  return url;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
