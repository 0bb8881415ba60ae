/**
 * Stretches of time in which something held all along, such as "the tab is visible": they begin and end in turn.
 */

export function createStretches() {
  const stretches = []; // { from, to }; `to` is Infinity while it lasts

  const last = () => stretches.at(-1);

  return {
    begin(at) {
      if (last()?.to !== Infinity) stretches.push({ from: at, to: Infinity });
    },
    end(at) {
      if (last()?.to === Infinity) last().to = at;
    },
    /** Whether it held all the time from one moment to the other. */
    holds: (from, to) => stretches.some((each) => from >= each.from && to <= each.to),
  };
}
