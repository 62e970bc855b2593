import type { LatencyObjective } from '../config/spec.js';
import type { RequestRecord } from '../measure/records.js';
import { decideSlo } from '../measure/slo-decision.js';
import type { SloShare } from './level-result.js';
import { Sample, type BlockNumbers } from './sample.js';
import { shareByConversation } from './share.js';

/** Attainment of one objective over the requests that were started in the windows; no verdict from an invalid level. */
export function sloShare(
  started: readonly RequestRecord[],
  objective: LatencyObjective,
  asOf: number,
  blocks: BlockNumbers,
  valid: boolean,
): SloShare {
  const hits = new Sample(started.length + 1);
  let good = 0;
  let undecided = 0;
  for (const record of started) {
    const decision = decideSlo(record, objective, asOf);
    if (decision === 'good') good += 1;
    if (decision === 'undecided') undecided += 1;
    if (decision === 'good' || decision === 'bad')
      hits.add(decision === 'good' ? 1 : 0, blocks.of(record.conversation));
  }
  const share = shareByConversation(hits.data, hits.blocks);
  return {
    slo: objective.name,
    good,
    bad: hits.size - good,
    undecided,
    share,
    required: objective.quantile,
    pass: !valid || hits.size === 0 ? null : good >= objective.quantile * hits.size - 1e-9,
  };
}
