/**
 * 12: the decision page: verdict, costs, crossings. It has a third step of its own, for nothing is run.
 */

import { createCostTable } from "../choose/cost-table.js";
import { createCrossingCharts } from "../choose/crossing-charts.js";
import { createVerdict } from "../choose/verdict-view.js";

export { createChooseDo as createDo } from "../choose/form.js";

export function createSee(place) {
  const parts = [createVerdict, createCostTable, createCrossingCharts].map((create) => create(place));
  return { show: (results) => parts.forEach((part) => part.show(results)) };
}
