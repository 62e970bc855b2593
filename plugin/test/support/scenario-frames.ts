import type { DataFrame } from '@grafana/data';
import { toFrames } from '../../host/src/datasource/to-frames.js';
import type { Answer, MatrixSeries } from '../../host/src/datasource/matrix.js';
import { PLAIN_70B } from '../../host/src/scenarios/published.js';
import { playSweep, type SweepScript } from '../../host/src/scenarios/sweep-script.js';

export const START = Date.UTC(2026, 1, 24, 14, 13, 49) / 1000;

export const PLAIN: SweepScript = {
  run: '20260224T141349Z-plain-70b-9f3c',
  name: 'plain-70b',
  model: 'llama-3.1-70b',
  instance: '10.0.0.7:9464',
  startedAt: START,
  levels: PLAIN_70B,
  warmupSeconds: 60,
  measureSeconds: 300,
  slo: { ttftP95: 0.6, tpotP95: 0.06 },
  end: 'completed',
};

/** Seconds that the whole of `PLAIN` takes. */
export const PLAIN_SECONDS = PLAIN.levels.length * (PLAIN.warmupSeconds + PLAIN.measureSeconds);

/** One range query over everything that a scripted exporter shows. */
export function rangeFrames(series: readonly MatrixSeries[]): DataFrame[] {
  return toFrames([{ refId: 'A', format: 'range', result: series }]);
}

/** The same in table format, one query a metric, as an instant query answers. */
export function tableFrames(series: readonly MatrixSeries[]): DataFrame[] {
  const names = [...new Set(series.map(({ metric }) => metric.__name__!))];
  const answers = names.map((name, i): Answer => ({
    refId: `Q${i}`,
    format: 'instant',
    result: series.filter(({ metric }) => metric.__name__ === name),
  }));
  return toFrames(answers);
}

/** Frames of a scripted sweep `afterSeconds` after its start, sampled each 10 s. */
export function framesAfter(script: SweepScript, afterSeconds: number, stopped = Infinity): DataFrame[] {
  return rangeFrames(playSweep(script, script.startedAt + afterSeconds, 10, stopped));
}
