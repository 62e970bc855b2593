import type { WindowMark } from '../metrics/sources.js';
import { windowVerdict, type ShownAnalysis } from './shown-verdicts.js';

/** A window's edges, in seconds since the run's start, and what is known against it. */
export interface MarkedWindow {
  id: string;
  level: number;
  load: number;
  repetition: number;
  startedAt: number;
  measureStartedAt: number;
  measureEndedAt: number;
  endedAt: number;
}

/** Why a window does not count; `undefined`: it is not judged yet. */
type Judged = { invalidReasons: readonly string[]; excluded: unknown } | undefined;

/** A window as `/metrics` shows it, its edges in seconds since the epoch. */
export function windowMark(
  window: MarkedWindow,
  judged: Judged,
  startedEpoch: number,
  analysis: ShownAnalysis | null,
): WindowMark {
  const reasons = [...(judged?.invalidReasons ?? []), ...((judged?.excluded ?? null) === null ? [] : ['excluded'])];
  return {
    id: window.id,
    load: window.load,
    repetition: window.repetition,
    startedAt: startedEpoch + window.startedAt,
    measureStartedAt: startedEpoch + window.measureStartedAt,
    measureEndedAt: startedEpoch + window.measureEndedAt,
    endedAt: startedEpoch + window.endedAt,
    ...windowVerdict(window.level, reasons, analysis),
  };
}
