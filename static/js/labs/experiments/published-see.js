/** 11: the published table with one's own figures beside, and how the two connections ask. */

import { createLadders } from "../pictures/ladders.js";
import { createPublishedTable } from "../published/table.js";
import { overheads } from "./published.js";

const SHOWN_MS = 8000; // in the ladders

export function createSee(place) {
  const table = createPublishedTable(place);
  const ladders = createLadders(place, SHOWN_MS);
  return {
    show(results) {
      table.show(overheads(results));
      ladders.show(results);
    },
  };
}
