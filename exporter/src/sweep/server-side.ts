import { cacheGate, cacheState, type CacheState } from '../analysis/cache-state.js';
import type { LevelResult } from '../analysis/level-result.js';
import { usableWindows } from '../analysis/level.js';
import { measuredSpan, observesFirstToken, type Span } from '../analysis/window-cut.js';
import type { SweepSpec } from '../config/spec.js';
import type { GateCheck, RequestRecord, WindowRecord } from '../measure/records.js';
import { ttftSeconds } from '../measure/request-times.js';
import type { TelemetryFigures } from '../measure/telemetry-figures.js';
import type { RunTelemetry } from '../telemetry/run-telemetry.js';

/** What the server's side adds to what the client measured: figures, cache state and two gates. */
export interface SeenOfServer {
  telemetry: TelemetryFigures | null;
  cache: CacheState | null;
}

/**
 * Lays what servers and GPUs told beside the client's own measurements. Windows keep their times and counts as they are:
 * only gates are added. What is known grows until a scrape after a window's end, so it is asked again for the result.
 */
export class ServerSide {
  constructor(
    private readonly spec: SweepSpec,
    private readonly telemetry: RunTelemetry,
  ) {}

  /** The window with the gates for cache and restarts, as far as either can be told. */
  judge(window: WindowRecord, records: readonly RequestRecord[]): WindowRecord {
    const { telemetry, cache } = this.ofWindow(window, records);
    const own = window.gates.filter(({ gate }) => gate !== 'cache' && gate !== 'restart');
    const added = [
      ...(cache === null ? [] : [cacheGate(cache)]),
      ...(telemetry === null ? [] : [restartGate(telemetry)]),
    ];
    const gates = [...own, ...added];
    return { ...window, gates, invalidReasons: gates.filter(({ pass }) => !pass).map(({ gate }) => gate) };
  }

  ofWindow(window: WindowRecord, records: readonly RequestRecord[]): SeenOfServer {
    return this.over([window], records);
  }

  /** The level's figures with what is known of its used windows. `windows` may be those of the whole run. */
  describe(level: LevelResult, windows: readonly WindowRecord[], records: readonly RequestRecord[]): LevelResult {
    const used = usableWindows(windows.filter((window) => window.level === level.level));
    return { ...level, ...this.over(used, records) };
  }

  /** From the first window to the last, with what lies between. */
  ofRun(windows: readonly WindowRecord[]): TelemetryFigures | null {
    const from = Math.min(...windows.map(({ measureStartedAt }) => measureStartedAt));
    const to = Math.max(...windows.map(({ measureEndedAt }) => measureEndedAt));
    return to > from ? this.telemetry.figures([{ from, to }], { outputTokens: NaN, ttftSeconds: NaN }) : null;
  }

  /** By upstream: which metrics its roles were read from. */
  matched(): ReturnType<RunTelemetry['matched']> {
    return this.telemetry.matched();
  }

  private over(windows: readonly WindowRecord[], records: readonly RequestRecord[]): SeenOfServer {
    const spans = windows.map(measuredSpan);
    const outputTokens = windows.reduce((sum, window) => sum + window.outputTokens, 0);
    const telemetry = this.telemetry.figures(spans, { outputTokens, ttftSeconds: meanTtft(records, spans) });
    const cache = cacheState(this.spec.workload, records, spans, telemetry?.kvHitRatio ?? NaN);
    return { telemetry, cache: cache.source === null ? null : cache };
  }
}

function restartGate({ coverage }: TelemetryFigures): GateCheck {
  const seen = coverage.filter(({ scrapes, failed }) => scrapes > failed);
  const restarts = coverage.reduce((sum, upstream) => sum + upstream.restarts, 0);
  return { gate: 'restart', value: seen.length === 0 ? null : restarts, limit: 'none', pass: restarts === 0 };
}

function meanTtft(records: readonly RequestRecord[], spans: readonly Span[]): number {
  const times = records.filter((record) => spans.some((span) => observesFirstToken(record, span))).map(ttftSeconds);
  return times.reduce((sum, time) => sum + time, 0) / times.length;
}
