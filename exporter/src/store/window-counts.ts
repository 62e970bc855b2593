import { measuredSpan, observesEnd, observesFirstToken } from '../analysis/window-cut.js';
import { latencySeconds, ttftSeconds } from '../measure/request-times.js';
import { tpotSeconds } from '../measure/request-times.js';
import { BucketHistogram, turnIndex, type HistogramSnapshot } from '../measure/log-histogram.js';
import type { RequestRecord, WindowRecord } from '../measure/records.js';

/** The histograms that can be told again from `requests.jsonl`. */
export type CountedMetric = 'ttft' | 'tpot' | 'duration';

const VALUES: Readonly<Record<CountedMetric, (record: RequestRecord) => number>> = {
  ttft: ttftSeconds,
  tpot: tpotSeconds,
  duration: latencySeconds,
};

/**
 * What a histogram must have gained in a window's measurement, counted anew from the records of `requests.jsonl`: per
 * value of the `turn` label, counts of buckets with these edges (seconds) and sums in whole microseconds. Equal to the
 * difference of the process's histograms at the window's edges, exactly.
 */
export function bucketCountsOfWindow(
  records: readonly RequestRecord[],
  window: Pick<WindowRecord, 'measureStartedAt' | 'measureEndedAt'>,
  edges: readonly number[],
  metric: CountedMetric,
): HistogramSnapshot {
  const span = measuredSpan(window);
  const belongs = metric === 'ttft' ? observesFirstToken : observesEnd;
  const histogram = new BucketHistogram(edges);
  for (const record of records) {
    if (record.level >= 0 && belongs(record, span)) histogram.observe(turnIndex(record.turn), VALUES[metric](record));
  }
  return histogram.snapshot();
}
