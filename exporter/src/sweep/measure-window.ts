import { judgeWindow, type UnjudgedWindow } from '../analysis/validity.js';
import { observesEnd, measuredSpan } from '../analysis/window-cut.js';
import { sleep } from '../clock/clock.js';
import type { WindowTally } from '../measure/recorder.js';
import type { RequestRecord, SlotSeconds, WarmupRecord, WindowRecord } from '../measure/records.js';
import { STOPPED } from '../store/earlier-segments.js';
import { drawEdge, runTime } from './edges.js';
import type { LevelStep } from './level-steps.js';
import type { SweepParts } from './parts.js';
import type { WindowMarks } from './run-state.js';
import { snapshotLifetime, type EdgeEntry } from '../measure/timeline.js';

const LOOK_EVERY_SECONDS = 0.25;
/** The resolution of run times: what is left can round to less, and would never pass on a virtual clock. */
const LEAST_PAUSE_SECONDS = 1e-6;

interface EdgeCapture {
  at: number;
  tally: WindowTally;
  slotSeconds: SlotSeconds;
  stampDelayP99: number;
  throttledSeconds: number;
}

/** Draws one edge of a window, noting it in the timeline, and takes what was tallied since the edge before. */
export function windowEdge(parts: SweepParts, step: LevelStep, edge: EdgeEntry['edge']): Promise<EdgeCapture> {
  return drawEdge(parts, (at) => {
    const { window, level, repetition } = step;
    parts.timeline.edge({ at, window, edge, level, repetition, snapshot: snapshotLifetime(parts.lifetime) });
    return {
      at,
      tally: parts.recorder.takeTally(),
      slotSeconds: parts.recorder.slots.take(at),
      stampDelayP99: parts.health.takeStampDelayP99(),
      throttledSeconds: parts.health.throttledSeconds(),
    };
  });
}

/** Waits until enough has been measured, from `startedAt` on (run time), or the sweep is stopped. */
export type UntilMeasured = (startedAt: number) => Promise<void>;

/** Measures one window under the running load. One that the stop of the sweep cut short is kept, but excluded. */
export async function measureWindow(
  parts: SweepParts,
  step: LevelStep,
  marks: WindowMarks,
  warmup: WarmupRecord,
  until: UntilMeasured = (startedAt) => untilMeasured(parts, startedAt),
): Promise<WindowRecord> {
  const first = await windowEdge(parts, step, 'measure_start');
  marks.measureStartedAt = first.at;
  await until(first.at);
  const stopped = parts.signal.aborted;
  const last = await windowEdge(parts, step, 'measure_end');
  marks.measureEndedAt = last.at;
  marks.endedAt = last.at;
  const window = assembleWindow(parts, step, marks, warmup, first, last);
  return stopped ? { ...window, excluded: STOPPED } : window;
}

/** Waits until the window has its length or its samples, turning the snapshots on the way. */
async function untilMeasured(parts: SweepParts, startedAt: number): Promise<void> {
  const { measure, snapshots } = parts.spec.load;
  const endedBefore = parts.recorder.ended;
  for (;;) {
    const elapsed = runTime(parts) - startedAt;
    const samples = parts.recorder.ended - endedBefore;
    const share = measure.kind === 'duration' ? elapsed / measure.seconds : samples / measure.requests;
    parts.state.snapshot = Math.min(snapshots, 1 + Math.floor(share * snapshots));
    if (measure.kind === 'requests' && samples >= measure.requests) return;
    if (measure.kind === 'duration') {
      const enough = elapsed >= measure.seconds && samples >= measure.minSamples;
      if (enough || elapsed >= measure.maxSeconds) return;
    }
    const left = measure.kind === 'duration' ? measure.seconds - elapsed : LOOK_EVERY_SECONDS;
    const pause = left > 0 ? Math.max(LEAST_PAUSE_SECONDS, Math.min(left, LOOK_EVERY_SECONDS)) : LOOK_EVERY_SECONDS;
    await sleep(parts.clock, pause, parts.signal);
    if (parts.signal.aborted) return;
  }
}

/** The record of what lies between two edges, with what the validity gate and the exclusion rule say of it. */
export function assembleWindow(
  parts: SweepParts,
  step: LevelStep,
  marks: WindowMarks,
  warmup: WarmupRecord,
  first: EdgeCapture,
  last: EdgeCapture,
): WindowRecord {
  const seconds = last.at - first.at;
  const pieces = parts.spec.load.snapshots;
  const edges = Array.from({ length: pieces }, (_, k) => first.at + (seconds * k) / pieces);
  return judge(parts, {
    id: step.window,
    repetition: step.repetition,
    level: step.level,
    load: step.load,
    startedAt: marks.startedAt,
    measureStartedAt: first.at,
    measureEndedAt: last.at,
    endedAt: marks.endedAt,
    snapshotEdges: [...edges, last.at],
    warmup,
    slotSeconds: last.slotSeconds,
    outputTokens: last.tally.outputTokens,
    itlHistogram: last.tally.itl.encode(),
    itlCount: last.tally.itl.count,
    stampDelayP99: last.stampDelayP99,
    throttledRatio: (last.throttledSeconds - first.throttledSeconds) / seconds,
    arrivalsIntended: last.tally.arrivals,
    arrivalsDropped: last.tally.dropped,
    excluded: null,
  });
}

function judge(parts: SweepParts, measured: UnjudgedWindow): WindowRecord {
  const { records } = parts.recorder;
  const own = judgeWindow(measured, records, parts.spec.load.arrival);
  const window = parts.serverSide?.judge(own, records) ?? own;
  const limit = parts.spec.load.excludeErrorRate;
  const errors = errorRatio(window, records);
  const percent = (ratio: number): string => `${(100 * ratio).toFixed(1)} %`;
  const excluded =
    limit !== null && errors > limit
      ? `${percent(errors)} of its requests failed, the limit is ${percent(limit)}`
      : null;
  return { ...window, excluded };
}

/** Share of failed requests among those that ended in the window; NaN when none did. */
function errorRatio(window: WindowRecord, records: readonly RequestRecord[]): number {
  const span = measuredSpan(window);
  const ended = records.filter((record) => observesEnd(record, span));
  return ended.filter((record) => record.outcome !== 'ok').length / ended.length;
}
