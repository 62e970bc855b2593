import type { TelemetryFigures } from '../measure/telemetry-figures.js';
import type { Role } from '../measure/telemetry-roles.js';
import { UpstreamHistory } from './history.js';
import type { RoleValue } from './page.js';
import type { HubListener, TelemetryHub } from './hub.js';
import { scrapeLine, readScrapeLine } from './telemetry-line.js';
import { figuresOver, type ClientSide } from './window-figures.js';
import type { TimeSpan } from './window-counters.js';

/** What the upstreams told during a run: kept in memory for its figures, and in its folder as `telemetry.jsonl`. */
export class RunTelemetry {
  private readonly histories = new Map<string, UpstreamHistory>();
  private readonly matches = new Map<string, ReadonlyMap<Role, string>>();
  private unsubscribe: (() => void) | null = null;

  constructor(
    private readonly options: {
      /** `Clock.now()` at the run's beginning, and Unix time. */
      originSeconds: number;
      originEpoch: number;
      /** Takes one line of `telemetry.jsonl`. */
      write: (line: string) => void;
    },
  ) {}

  /** What an interrupted run had seen. */
  restore(lines: Iterable<string>): void {
    for (const line of lines) {
      const scrape = readScrapeLine(line);
      if (scrape === null) continue;
      const history = this.historyOf(scrape.upstream, scrape.interval);
      if (scrape.engine === null || scrape.values === null) history.addFailure(scrape.at, scrape.problem);
      else history.add(scrape.at, scrape.engine, scrape.values);
    }
  }

  /** Keeps what is scraped from now on. */
  follow(hub: TelemetryHub): void {
    for (const { spec } of hub.all) this.historyOf(spec.name, spec.intervalSeconds);
    this.unsubscribe = hub.subscribe(this.receive);
  }

  stop(): void {
    this.unsubscribe?.();
    this.unsubscribe = null;
  }

  /** Whether anything was to be scraped. */
  get isEmpty(): boolean {
    return this.histories.size === 0;
  }

  /** null: nothing was to be scraped. */
  figures(spans: readonly TimeSpan[], client: ClientSide): TelemetryFigures | null {
    return this.isEmpty || spans.length === 0 ? null : figuresOver([...this.histories.values()], spans, client);
  }

  /** By upstream: which metrics its roles were read from. */
  matched(): Map<string, ReadonlyMap<Role, string>> {
    return new Map(this.matches);
  }

  private readonly receive: HubListener = ({ spec }, { at, page, problem, durationSeconds }) => {
    const { originSeconds, originEpoch, write } = this.options;
    const runAt = Math.round((at - originSeconds) * 1e6) / 1e6;
    const history = this.historyOf(spec.name, spec.intervalSeconds);
    const values: readonly RoleValue[] | null = page?.values ?? null;
    if (page === null) history.addFailure(runAt, problem);
    else {
      history.add(runAt, page.engine, page.values);
      this.matches.set(spec.name, page.matched);
    }
    write(
      scrapeLine({
        at: runAt,
        epoch: originEpoch + runAt,
        upstream: spec.name,
        interval: spec.intervalSeconds,
        engine: page?.engine ?? null,
        seconds: durationSeconds,
        values,
        problem,
      }),
    );
  };

  private historyOf(upstream: string, interval: number): UpstreamHistory {
    const known = this.histories.get(upstream);
    if (known !== undefined) return known;
    const fresh = new UpstreamHistory(upstream, interval);
    this.histories.set(upstream, fresh);
    return fresh;
  }
}
