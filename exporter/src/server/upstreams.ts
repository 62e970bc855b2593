import type { Clock } from '../clock/clock.js';
import type { SweepSpec, UpstreamSpec } from '../config/spec.js';
import { targetSettings } from '../sweep/target-settings.js';
import { expandHeaders, type Environment } from '../target/secrets.js';
import { checkUpstream, type UpstreamCheck } from '../telemetry/check-upstream.js';
import { TelemetryHub, type OpenProbe, type OpenUpstream } from '../telemetry/hub.js';
import { openHttpProbe } from '../telemetry/open-probe.js';

/** Name of the upstream that is the server under load itself. */
export const TARGET_UPSTREAM = 'target';
/** The target's page is looked for before each run: not for long. */
const LOOK_SECONDS = 3;

/** What is scraped by this process: for `serve` from its start, for each run what its spec names. */
export class Upstreams {
  readonly hub: TelemetryHub;
  private readonly open: OpenProbe;
  /** Of the spec in use: its target's headers and certificates belong to its target's page. */
  private spec: SweepSpec | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly env: Environment,
    open?: OpenProbe,
  ) {
    this.open = open ?? ((upstream) => this.openOverHttp(upstream));
    this.hub = new TelemetryHub(clock, this.open);
  }

  /** Scrapes from now on what the spec names; the target itself is only looked for when a run begins. */
  watch(spec: SweepSpec): void {
    this.spec = spec;
    if (spec.telemetry !== 'auto') this.hub.use(spec.telemetry);
  }

  /**
   * Finds out what of the spec's upstreams is there, and scrapes it from now on. One that is not there is in the answer.
   * @throws TargetError when a header's variable is not set
   */
  async prepare(spec: SweepSpec): Promise<UpstreamCheck[]> {
    this.spec = spec;
    const wanted = spec.telemetry === 'auto' ? [targetUpstream(spec)] : spec.telemetry;
    const checks = await Promise.all(wanted.map((upstream) => checkUpstream(upstream, this.open, this.clock)));
    // A target without metrics is no fault; an upstream that was named and is not there may come yet.
    const found = spec.telemetry === 'auto' ? wanted.filter((_, index) => checks[index]!.engine !== null) : wanted;
    this.hub.use(found);
    return checks;
  }

  stop(): void {
    this.hub.stop();
  }

  private openOverHttp(upstream: UpstreamSpec): OpenUpstream {
    const { spec, env } = this;
    const place = `telemetry (${upstream.name}): headers`;
    const headers = expandHeaders(upstream.headers, env, place);
    if (spec === null || new URL(spec.target.url).origin !== new URL(upstream.url).origin)
      return openHttpProbe(upstream, { headers });
    const { tls, headers: targetHeaders, apiKey } = targetSettings(spec, env);
    const key = apiKey === null ? {} : { authorization: `Bearer ${apiKey}` };
    const material = { ca: asPem(tls.ca), cert: asPem(tls.cert), key: asPem(tls.key) };
    const own = upstream.name === TARGET_UPSTREAM ? { ...key, ...targetHeaders } : {};
    return openHttpProbe(upstream, { headers: { ...own, ...headers }, tls: material });
  }
}

function asPem(value: string | Uint8Array | null): string | Buffer | null {
  return typeof value === 'string' || value === null ? value : Buffer.from(value);
}

/** The server under load as an upstream: its `/metrics`, beside the `/v1` of its API. */
export function targetUpstream({ target }: Pick<SweepSpec, 'target'>): UpstreamSpec {
  const { origin, pathname } = new URL(target.url);
  const base = pathname
    .replace(/\/+$/, '')
    .replace(/(\/chat)?\/completions$/, '')
    .replace(/\/v\d+$/, '');
  return {
    engine: 'auto',
    url: `${origin}${base}/metrics`,
    name: TARGET_UPSTREAM,
    intervalSeconds: 1,
    timeoutSeconds: LOOK_SECONDS,
    headers: {},
    raw: [],
    queries: {},
  };
}
