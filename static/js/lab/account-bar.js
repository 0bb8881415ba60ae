/**
 * A bar of bytes by account, with the figures in words below it.
 */

import { el, setText } from "../shell/dom.js";
import { bytes, joined } from "../shell/format.js";
import { t } from "../shell/language.js";
import { ACCOUNTS } from "./traffic-store.js";

const LEAST_SHARE = 0.004; // thinner, and it cannot be seen

export function createAccountBar() {
  const parts = ACCOUNTS.map(({ name, label, meaning }) => ({
    name,
    bar: el("span.part", { data: { account: name } }),
    item: el("li", { title: meaning }, el("span.key", { data: { account: name }, "aria-hidden": "true" }), label, " ", el("span.figure", { testid: `account-${name}` })),
  }));
  const element = el("div.accounts", {},
    el("div.bar", { "aria-hidden": "true" }, parts.map((part) => part.bar)),
    el("ul", { "aria-label": t("account.title") }, parts.map((part) => part.item)));

  function show(accounts) {
    const all = Object.values(accounts).reduce((sum, size) => sum + size, 0);
    for (const { name, bar, item } of parts) {
      const size = accounts[name];
      item.hidden = size === 0;
      bar.style.flexGrow = String(all === 0 || size === 0 ? 0 : Math.max(size / all, LEAST_SHARE));
      item.lastChild.dataset.value = String(size);
      setText(item.lastChild, joined(bytes(size)));
    }
  }

  return { element, show };
}
