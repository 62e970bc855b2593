import type { Clock } from '../clock/clock.js';
import type { UpstreamSpec } from '../config/spec.js';
import type { Engine, Role } from '../measure/telemetry-roles.js';
import type { RoleValue, UpstreamPage } from './page.js';
import type { Probe } from './page-probe.js';
import { ScrapeLoop, type ScrapeResult } from './scrape-loop.js';

/** How an upstream stands. Times are `Clock.now()` seconds, NaN: never. */
export interface UpstreamStanding {
  name: string;
  /** null: not yet known. */
  engine: Engine | null;
  /** Whether the last scrape was answered; null: none has ended yet. */
  up: boolean | null;
  lastDurationSeconds: number;
  lastSuccessAt: number;
  lastSuccessEpoch: number;
  /** Why the last scrape failed; empty when it did not. */
  problem: string;
  page: UpstreamPage | null;
}

export type ScrapeListener = (upstream: Upstream, result: ScrapeResult) => void;

/** What is kept of recent seconds for ratios of counters. */
interface Recent {
  at: number;
  values: readonly RoleValue[];
}

const RATIO_SECONDS = 60;

/** One server, GPU exporter or Prometheus, asked again and again while it is in use. */
export class Upstream {
  readonly standing: UpstreamStanding;
  private readonly recent: Recent[] = [];
  private readonly loop: ScrapeLoop;

  constructor(
    readonly spec: UpstreamSpec,
    private readonly parts: {
      clock: Clock;
      probe: Probe;
      phase: number;
      listener: ScrapeListener;
      close: () => void;
    },
  ) {
    const { clock, probe, phase } = parts;
    const engine = spec.engine === 'auto' ? null : spec.engine;
    this.standing = { ...NEVER_SEEN, name: spec.name, engine };
    this.loop = new ScrapeLoop({
      clock,
      probe,
      intervalSeconds: spec.intervalSeconds,
      timeoutSeconds: spec.timeoutSeconds,
      phase,
      onResult: (result) => this.receive(result),
    });
  }

  /** Quotient of two counters' growth over the last minute; NaN: not told, or nothing grew. */
  recentRatio(above: Role, below: Role): number {
    const [first, last] = [this.recent[0], this.recent.at(-1)];
    if (first === undefined || last === undefined || first === last) return NaN;
    const grown = (role: Role): number => sumOf(last, role) - sumOf(first, role);
    const [part, whole] = [grown(above), grown(below)];
    return whole > 0 && part >= 0 ? part / whole : NaN;
  }

  stop(): void {
    this.loop.stop();
    this.parts.close();
  }

  private receive(result: ScrapeResult): void {
    const { standing } = this;
    const { page, at, durationSeconds, problem } = result;
    standing.up = page !== null;
    standing.lastDurationSeconds = durationSeconds;
    standing.problem = problem;
    standing.page = page;
    if (page !== null) {
      standing.engine = page.engine;
      standing.lastSuccessAt = at;
      standing.lastSuccessEpoch = this.parts.clock.epoch() - (this.parts.clock.now() - at);
      this.keep({ at, values: page.values.filter(({ role }) => role.endsWith('_total')) });
    }
    this.parts.listener(this, result);
  }

  /** Counters that began anew make what came before worthless. */
  private keep(entry: Recent): void {
    const { recent } = this;
    const last = recent.at(-1);
    const roles = new Set(entry.values.map(({ role }) => role));
    if (last !== undefined && [...roles].some((role) => sumOf(entry, role) < sumOf(last, role))) recent.length = 0;
    recent.push(entry);
    while (recent.length > 2 && entry.at - recent[1]!.at >= RATIO_SECONDS) recent.shift();
  }
}

const NEVER_SEEN: Omit<UpstreamStanding, 'name'> = {
  engine: null,
  up: null,
  lastDurationSeconds: NaN,
  lastSuccessAt: NaN,
  lastSuccessEpoch: NaN,
  problem: '',
  page: null,
};

/** NaN where the role is not told. */
function sumOf({ values }: Recent, role: Role): number {
  const own = values.filter((entry) => entry.role === role);
  return own.length === 0 ? NaN : own.reduce((sum, { value }) => sum + value, 0);
}
