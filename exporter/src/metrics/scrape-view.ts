import type { ClientHealth, LiveState, MetricSources, RetainedRun, UpstreamState } from './sources.js';

interface Moment {
  now: number;
  live: LiveState;
  runs: readonly RetainedRun[];
  health: ClientHealth;
  upstreams: readonly UpstreamState[];
}

function momentOf(sources: MetricSources): Moment {
  return {
    now: sources.now(),
    live: sources.live(),
    runs: sources.runs(),
    health: sources.health(),
    upstreams: sources.upstreams(),
  };
}

/** The sources as they are at one moment: each is asked once a scrape, so that what belongs together agrees. */
export class ScrapeView implements MetricSources {
  private moment: Moment;

  constructor(private readonly sources: MetricSources) {
    this.moment = momentOf(sources);
  }

  /** Makes it now. */
  refresh(): void {
    this.moment = momentOf(this.sources);
  }

  get build(): MetricSources['build'] {
    return this.sources.build;
  }

  get requests(): MetricSources['requests'] {
    return this.sources.requests;
  }

  now(): number {
    return this.moment.now;
  }

  live(): LiveState {
    return this.moment.live;
  }

  runs(): readonly RetainedRun[] {
    return this.moment.runs;
  }

  upstreams(): readonly UpstreamState[] {
    return this.moment.upstreams;
  }

  health(): ClientHealth {
    return this.moment.health;
  }
}
