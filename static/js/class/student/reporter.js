/**
 * What a phone tells the server of itself: whenever it is asked to and there is news, and before it runs anything else, for
 * what was measured until then is the former technique's.
 */

/**
 * @param {object} options `phone`: see phone.js; `say(news)`: to the server, false when it cannot be.
 */
export function createReporter({ phone, say }) {
  let reported = "null"; // the last report
  let runs = null; // what the phone was told to be

  function report() {
    const news = phone.report();
    const text = JSON.stringify(news);
    if (text === reported) return; // nothing new
    if (news !== null && say({ report: news })) reported = text;
    else phone.ledger.putBack(news?.delays ?? []);
  }

  /** To be called before the phone is told: the seat is as it will be. */
  function before({ technique, group }) {
    const next = `${technique} ${group}`;
    if (runs !== null && next !== runs) report();
    runs = next;
  }

  return { report, before };
}
