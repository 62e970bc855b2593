import { uniform, type RandomState } from './random.js';
import type { SpeculationCounts } from './statistics.js';
import type { Speculation } from './types.js';

/** How many drafts of one sequence the model accepts: up to the first one refused. Counts them. */
export function verifyDrafts(
  { acceptance }: Speculation,
  drafts: number,
  random: RandomState,
  counts: SpeculationCounts,
): number {
  let accepted = 0;
  while (accepted < drafts && uniform(random) < acceptance[Math.min(accepted, acceptance.length - 1)]!) accepted++;
  counts.drafts++;
  counts.draftTokens += drafts;
  counts.acceptedTokens += accepted;
  for (let position = 0; position < accepted; position++) {
    counts.acceptedPerPosition[position] = (counts.acceptedPerPosition[position] ?? 0) + 1;
  }
  return accepted;
}

/** Mean tokens of a step that had all its drafts: 1 + the running products of the chances. */
export function acceptanceLength({ acceptance, draftTokens }: Speculation): number {
  let mean = 1;
  let reached = 1;
  for (let position = 0; position < draftTokens; position++) {
    reached *= acceptance[Math.min(position, acceptance.length - 1)]!;
    mean += reached;
  }
  return mean;
}
