import type { Clock } from '../clock/clock.js';
import type { UpstreamSpec } from '../config/spec.js';
import type { ScrapeResult } from './scrape-loop.js';
import type { Probe } from './page-probe.js';
import { Upstream } from './upstream.js';

/** An upstream ready to be asked. */
export interface OpenUpstream {
  probe: Probe;
  close: () => void;
}

/** Opens the way to an upstream: HTTP in reality, the simulator itself in virtual time. */
export type OpenProbe = (spec: UpstreamSpec) => OpenUpstream;

export type HubListener = (upstream: Upstream, result: ScrapeResult) => void;

/** The upstreams that are scraped now. They outlive runs, so that servers are watched between sweeps too. */
export class TelemetryHub {
  private upstreams: Upstream[] = [];
  private readonly listeners = new Set<HubListener>();

  constructor(
    private readonly clock: Clock,
    private readonly open: OpenProbe,
  ) {}

  get all(): readonly Upstream[] {
    return this.upstreams;
  }

  /** Scrapes these from now on and no others; those that were scraped just so before go on undisturbed. */
  use(specs: readonly UpstreamSpec[]): void {
    const kept = this.upstreams.filter(({ spec }) => specs.some((wanted) => isSame(spec, wanted)));
    for (const upstream of this.upstreams) if (!kept.includes(upstream)) upstream.stop();
    this.upstreams = specs.map(
      (spec, index) => kept.find((known) => isSame(known.spec, spec)) ?? this.start(spec, index / specs.length),
    );
  }

  /** Returns what ends it. */
  subscribe(listener: HubListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  stop(): void {
    this.use([]);
  }

  private start(spec: UpstreamSpec, phase: number): Upstream {
    const { probe, close } = this.open(spec);
    const listener: HubListener = (upstream, result) => this.listeners.forEach((hear) => hear(upstream, result));
    return new Upstream(spec, { clock: this.clock, probe, phase, listener, close });
  }
}

function isSame(a: UpstreamSpec, b: UpstreamSpec): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
