/**
 * The account as its own page shows it: name, number, and each booking with the page that made it.
 */

import { el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";

export function createAccountCard({ ownOrigin = location.origin } = {}) {
  const name = el("dd", { testid: "account-of" }, t("figure.none"));
  const pin = el("dd.mono", { testid: "account-pin" }, t("figure.none"));
  const bookings = el("ol.bookings", { testid: "bookings", "aria-live": "polite" });
  const element = el("section.account-card", { "aria-label": t("lab.whose-page.account") },
    el("h3", {}, t("lab.whose-page.account")),
    el("dl", {}, el("dt", {}, t("lab.whose-page.account.name")), name, el("dt", {}, t("lab.whose-page.account.pin")), pin),
    el("h4", {}, t("lab.whose-page.account.bookings")), bookings);
  let isEmpty = true;

  function show(account) {
    isEmpty = false;
    setText(name, account.name);
    setText(pin, account.pin);
    bookings.replaceChildren(...account.bookings.map(booking));
  }

  function booking({ what, origin }) {
    const isForeign = origin !== ownOrigin;
    return el("li", { data: { foreign: String(isForeign) } }, el("strong", {}, what), " ",
      el("span", {}, isForeign ? t("lab.whose-page.booked-by", { origin: String(origin) }) : t("lab.whose-page.booked-here")));
  }

  return { element, show, get isEmpty() { return isEmpty; } };
}
