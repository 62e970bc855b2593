/**
 * The sweep spec after parsing, defaults and overrides: durations in seconds, shares as ratios 0–1. `parse.ts` makes it
 * from YAML, environment and flags; everything else takes it as given.
 */
export type Endpoint = 'chat' | 'completions';

export interface TlsSpec {
  /** PEM file with certificate authorities to trust in addition to none of the system's. */
  caFile?: string;
  certFile?: string;
  keyFile?: string;
}

export interface TimeoutsSpec {
  firstTokenSeconds: number;
  idleSeconds: number;
  totalSeconds: number;
}

export interface TargetSpec {
  /** Base URL with or without `/v1`, as given. */
  url: string;
  /** null: the only model that the server lists. */
  model: string | null;
  endpoint: Endpoint;
  /** Name of the environment variable that holds the key; the key itself is never part of a spec. */
  apiKeyEnv: string | null;
  /** `${NAME}` in a value is replaced from the environment when the request is made. */
  headers: Readonly<Record<string, string>>;
  tls: TlsSpec;
  timeouts: TimeoutsSpec;
}

export interface RequestSpec {
  maxTokens: number | null;
  temperature: number | null;
  ignoreEos: boolean | null;
  extraBody: Readonly<Record<string, unknown>>;
  stream: true;
}

/** A number drawn per request: fixed, or from a distribution; drawn values are clipped to [min, max] and rounded. */
export type Distribution =
  | { kind: 'fixed'; value: number }
  | { kind: 'uniform'; min: number; max: number }
  | { kind: 'normal'; mean: number; stddev: number; min: number; max: number }
  | { kind: 'lognormal'; median: number; sigma: number; min: number; max: number };

export type FollowUp =
  | { kind: 'fixed'; text: string }
  | { kind: 'template'; templates: readonly string[] }
  | { kind: 'model'; url: string; model: string; apiKeyEnv: string | null; maxTokens: number; timeoutSeconds: number };

export type WorkloadSpec =
  | {
      kind: 'conversation';
      seed: number;
      salt: 'conversation' | 'none';
      systemPrompt: string;
      starters: { count: number; tokens: number };
      turns: { min: number; max: number };
      followUp: FollowUp;
      thinkTime: Distribution;
      outputTokens: number;
    }
  | { kind: 'synthetic'; seed: number; inputTokens: Distribution; outputTokens: Distribution; ignoreEos: boolean }
  | { kind: 'prompt'; seed: number; prompt: string; outputTokens: number }
  | {
      kind: 'dataset';
      seed: number;
      salt: 'conversation' | 'none';
      path: string;
      format: 'sharegpt' | 'openai-chat' | 'auto';
      outputTokens: number | null;
      maxTurns: number;
    };

/** `closed`: a level is users; the others: a level is requests per second. */
export type Arrival = 'closed' | 'constant' | 'poisson' | 'gamma';

/** How close a search has to come to the boundary: a share of it, or a number of users (or requests per second). */
export type SearchTolerance = { kind: 'relative'; ratio: number } | { kind: 'absolute'; load: number };

/** A search for the highest load that meets every objective. */
export interface SearchSpec {
  /** Lowest and highest load that it may try. */
  from: number;
  to: number;
  tolerance: SearchTolerance;
  maxLevels: number;
  maxSeconds: number;
  /** So many of the run's first levels are a fixed sweep, which the search refines; 0: it begins by itself. */
  refines: number;
}

export type MeasureSpec =
  | { kind: 'duration'; seconds: number; minSamples: number; maxSeconds: number }
  | { kind: 'requests'; requests: number };

/** When a sweep ends before its plan does; at least one of the two. */
export interface StopAfterSpec {
  /** Aborts when more than this share of requests failed over the last `forSeconds`; null: never. */
  errorRate: number | null;
  forSeconds: number;
  /** After this many saturated levels, higher ones are left out; null: never. */
  saturatedLevels: number | null;
}

export interface LoadSpec {
  /** Users (closed) or requests per second (open), in the order written; empty where only a search is asked for. */
  levels: readonly number[];
  /** After the levels, if there are any; null: none. */
  search: SearchSpec | null;
  arrival: Arrival;
  /** Gamma arrivals: the shape of the gaps' distribution; below 1 burstier than poisson (= 1), above more regular. */
  burstiness: number;
  /** Cap on conversation starts per second, over all users; null: none. */
  targetRate: number | null;
  /** Seconds over which new users start; 0: all at once; null: one mean conversation. */
  rampSeconds: number | null;
  primeSeconds: number;
  warmupSeconds: number;
  measure: MeasureSpec;
  snapshots: number;
  cooldownSeconds: number;
  repetitions: number;
  order: 'ascending' | 'shuffled' | 'mirrored';
  /** Repetitions of a level with a higher error share are listed but kept out of pooled results; null: off. */
  excludeErrorRate: number | null;
  stopAfter: StopAfterSpec | null;
  /** Open loop only: arrivals that find this many requests under way are dropped and counted. */
  maxInFlight: number;
  /** Asked with an empty POST before each level's warm-up; null: never. */
  resetCache: ResetCacheSpec | null;
}

export const SLO_METRICS = ['ttft', 'tpot', 'itl', 'latency'] as const;
export type SloMetric = (typeof SLO_METRICS)[number];

/** `p95 ≤ 600 ms` of TTFT is `{ name: 'ttft_p95', metric: 'ttft', quantile: 0.95, seconds: 0.6 }`. */
export interface LatencyObjective {
  name: string;
  metric: SloMetric;
  quantile: number;
  seconds: number;
}

export interface SloSpec {
  latency: readonly LatencyObjective[];
  /** Highest acceptable error share, 0–1; null: none stated. */
  errorRatio: number | null;
}

export interface GrafanaSpec {
  /** Base URL, with the path that Grafana is served under. */
  url: string;
  /** Name of the environment variable with a service account's token; null: Grafana needs none. */
  tokenEnv: string | null;
}

/** A server, GPU exporter or Prometheus whose metrics are read beside the load. */
export interface UpstreamSpec {
  engine: 'auto' | 'vllm' | 'sglang' | 'trtllm' | 'dynamo' | 'llamacpp' | 'dcgm' | 'node' | 'prometheus';
  /** The page itself; of a Prometheus its base URL. */
  url: string;
  /** Label `upstream`; unique. */
  name: string;
  intervalSeconds: number;
  timeoutSeconds: number;
  /** `${NAME}` in a value is replaced from the environment. */
  headers: Readonly<Record<string, string>>;
  /** Metrics that are passed through as `loadgen_raw_…`. */
  raw: readonly string[];
  /** PromQL by role; of a Prometheus only. */
  queries: Readonly<Record<string, string>>;
}

/** `auto`: the target's own metrics, when it shows some of a known engine; empty: none. */
export type TelemetrySpec = 'auto' | readonly UpstreamSpec[];

/** Where the server is asked to forget its prefix cache: a path on the target, or another URL. */
export type ResetCacheSpec = { path: string } | { url: string };

export interface SweepSpec {
  name: string;
  target: TargetSpec;
  request: RequestSpec;
  load: LoadSpec;
  workload: WorkloadSpec;
  slo: SloSpec;
  telemetry: TelemetrySpec;
  /** Free pairs for the report's deployment table; `mode`, `gpus`, `gpuHourPrice` have a meaning. */
  deployment: Readonly<Record<string, string | number | boolean>>;
  /** Levels up to this one alert as production does; above, `loadgen_alerts_muted` is 1. null: mute the whole sweep. */
  alertUpTo: number | null;
  /** Where levels are written as annotations; null: nowhere. */
  grafana: GrafanaSpec | null;
  output: { dir: string; keepRuns: number; keepBytes: number; storeText: boolean };
}
