import { encodeSparse } from '../measure/log-histogram.js';
import type { WindowRecord } from '../measure/records.js';
import {
  diffLifetime,
  mapHistograms,
  type EdgeEntry,
  type LifetimeSnapshot,
  type SecondEntry,
  type TimelineSink,
} from '../measure/timeline.js';
import type { AppendLog } from './append-log.js';

/**
 * `timeline.jsonl`: the course of a run. `second`: what each second brought, as differences; `edge`: the state of the
 * process's counters and histograms at a window's edge; `window`: a finished window, whole.
 */
export class TimelineLog implements TimelineSink {
  private before: LifetimeSnapshot;

  constructor(
    private readonly log: AppendLog,
    atStart: LifetimeSnapshot,
  ) {
    this.before = atStart;
  }

  second(entry: SecondEntry): void {
    const { snapshot, ...place } = entry;
    const { counters, histograms } = diffLifetime(snapshot, this.before);
    this.before = snapshot;
    this.write({
      k: 'second',
      ...place,
      counters,
      histograms: mapHistograms((name) => encodeSparse(histograms[name])),
    });
  }

  edge(entry: EdgeEntry): void {
    const { snapshot, ...place } = entry;
    const { counters, histograms } = snapshot;
    this.write({ k: 'edge', ...place, counters, histograms: mapHistograms((name) => encodeSparse(histograms[name])) });
  }

  window(window: WindowRecord): void {
    this.write({ k: 'window', window });
    this.log.flush();
  }

  private write(line: object): void {
    this.log.line(JSON.stringify(line));
  }
}

/** The windows that a timeline tells of, in order; NaN was written as null and is NaN again. */
export function windowsOf(lines: Iterable<string>): WindowRecord[] {
  const windows: WindowRecord[] = [];
  for (const text of lines) {
    if (!text.startsWith('{"k":"window"')) continue;
    const parsed = parseWindow(text);
    if (parsed !== null) windows.push(parsed);
  }
  return windows;
}

function parseWindow(text: string): WindowRecord | null {
  try {
    const { window } = JSON.parse(text) as { window: WindowRecord };
    return { ...window, stampDelayP99: window.stampDelayP99 ?? NaN, throttledRatio: window.throttledRatio ?? NaN };
  } catch {
    return null; // torn by a crash: the window is measured anew
  }
}
