import type { RunState, SweepRun, SweepWindow, Verdict } from '../data/model.js';

/** One window on the time axis. Whole device pixels; neighbours share their edge. */
export interface Band {
  window: SweepWindow;
  left: number;
  right: number;
  /** From `left` to here the load was warming up: hatched. */
  measureLeft: number;
  /** Still open. */
  running: boolean;
  verdict: Verdict;
  /** Edges of equal parts of the measurement. */
  ticks: readonly number[];
  /** Every other band of a run, for telling neighbours of one colour apart. */
  odd: boolean;
}

/** Where an open window ends as far as is known, epoch milliseconds. */
export function openEnd(run: Pick<SweepRun, 'state' | 'endMs'>, newestMs: number, toMs: number): number {
  if (!Number.isNaN(run.endMs)) return run.endMs;
  const state: RunState = run.state;
  if (state === 'running') return Number.isNaN(newestMs) ? toMs : Math.min(toMs, Math.max(newestMs, toMs - 15_000));
  return Number.isNaN(newestMs) ? toMs : newestMs;
}

/** The end of a window, never before its start, whatever the clocks say. */
export function endOf(window: SweepWindow, next: SweepWindow | undefined, openEndMs: number): number {
  if (!Number.isNaN(window.endMs)) return window.endMs;
  const known = [window.measureEndMs, window.measureStartMs, window.startMs].find((time) => !Number.isNaN(time))!;
  return Math.max(known, next === undefined ? openEndMs : Math.min(openEndMs, next.startMs));
}

/** Bands of the windows that the axis shows, from left to right. `xToPx` in device pixels. */
export function layoutBands(
  run: SweepRun,
  xToPx: (timeMs: number) => number,
  clip: { left: number; right: number },
  openEndMs: number,
): Band[] {
  const inside = (timeMs: number): number => Math.round(Math.min(Math.max(xToPx(timeMs), clip.left), clip.right));
  return run.windows
    .map((window, index): Band => {
      const end = endOf(window, run.windows[index + 1], openEndMs);
      const measureStart = Number.isNaN(window.measureStartMs) ? end : window.measureStartMs;
      return {
        window,
        left: inside(window.startMs),
        right: inside(end),
        measureLeft: inside(measureStart),
        running: Number.isNaN(window.endMs) && run.state === 'running',
        verdict: shownVerdict(run, window),
        ticks: snapshotEdges(window, run.snapshots).map(inside),
        odd: index % 2 === 1,
      };
    })
    .filter(({ left, right }) => right > left);
}

/** A window's own verdict, or, where it was not judged by itself, that of its level. */
export function shownVerdict(run: SweepRun, window: SweepWindow): Verdict {
  if (window.verdict !== 'unknown') return window.verdict;
  if (Number.isNaN(window.endMs) && run.state === 'running') return 'unknown';
  return run.levels.find(({ load }) => load === window.load)?.verdict ?? 'unknown';
}

function snapshotEdges({ measureStartMs, measureEndMs }: SweepWindow, snapshots: number): number[] {
  if (Number.isNaN(measureStartMs) || Number.isNaN(measureEndMs) || snapshots < 2 || snapshots > 50) return [];
  const part = (measureEndMs - measureStartMs) / snapshots;
  return Array.from({ length: snapshots - 1 }, (_, i) => measureStartMs + (i + 1) * part);
}
