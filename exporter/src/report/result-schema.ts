import * as z from 'zod';
import { cacheSchema, runTelemetrySchema, telemetrySchema } from './telemetry-schema.js';
import { analysisSchema } from './analysis-schema.js';
import { searchResultSchema } from './search-schema.js';

/** Version of the shape of `result.json`; raised when a reader of the old one would misunderstand the new one. */
export const SCHEMA_VERSION = 1;

const number = z.number().nullable().describe('null: unknown');
const count = z.number().int().nonnegative();
const seconds = z.number().describe('seconds since the run began');

export const figureSchema = z
  .object({
    value: number,
    n: count.nullable().describe('sample size; null where the figure has none'),
    lower: number.describe('lower end of the 95 % interval; null: not known, or not bounded by this sample'),
    upper: number,
    definition: z.string().describe('key into `definitions`, which also names the unit'),
    origin: z.enum(['measured', 'imported']),
    warning: z.string().nullable().describe('why the figure is not to be relied on'),
  })
  .meta({ id: 'figure' });

const quantilesSchema = z
  .object({ mean: figureSchema, p50: figureSchema, p90: figureSchema, p95: figureSchema, p99: figureSchema })
  .meta({ id: 'quantiles' });

const gateSchema = z.object({
  gate: z.enum(['little', 'in_flight', 'started', 'stamp_delay', 'throttling', 'cache', 'restart']),
  value: number.describe('null: could not be measured, which does not fail the gate'),
  limit: z.string(),
  pass: z.boolean(),
});

const slotSecondsSchema = z.object({
  retired: z.number(),
  free: z.number(),
  running: z.number(),
  think: z.number(),
  followup: z.number(),
  backoff: z.number(),
  permit: z.number(),
  ramp: z.number(),
});

export const windowSchema = z
  .object({
    id: z.string(),
    repetition: count,
    level: count.describe('index into plan.levels'),
    load: z.number(),
    startedAt: seconds,
    measureStartedAt: seconds,
    measureEndedAt: seconds,
    endedAt: seconds,
    snapshotEdges: z.array(seconds),
    warmup: z.object({ steady: z.boolean(), reason: z.string(), seconds: z.number() }),
    slotSeconds: slotSecondsSchema,
    outputTokens: z.number(),
    itlHistogram: z.string().describe('HDR histogram of microseconds, base64 of its compressed V2 encoding'),
    itlCount: count,
    stampDelayP99: number,
    throttledRatio: number,
    arrivalsIntended: count,
    arrivalsDropped: count,
    gates: z.array(gateSchema),
    invalidReasons: z.array(z.string()),
    excluded: z.string().nullable(),
    telemetry: telemetrySchema.nullish().describe('what servers and GPUs told of the measurement; null: nothing'),
    cache: cacheSchema.nullish().describe('the prefix cache in the measurement; null: nothing tells'),
  })
  .meta({ id: 'window' });

const sloSchema = z.object({
  slo: z.string(),
  good: count,
  bad: count,
  undecided: count,
  share: figureSchema,
  required: z.number(),
  pass: z.boolean().nullable(),
});

export const levelSchema = z
  .object({
    level: count.describe('index into plan.levels'),
    load: z.number().describe('users, or requests per second in open loop'),
    windows: z.array(z.string()),
    windowsUsed: z.array(z.string()).describe('those whose observations are pooled'),
    valid: z.boolean(),
    invalidReasons: z.array(z.string()),
    steady: z.boolean().nullable(),
    seconds: z.number().nullable().describe('measured, over the used windows'),
    started: count.nullable(),
    completed: count.nullable(),
    ok: count.nullable(),
    errors: z.record(z.string(), count).describe('by class'),
    censored: count.nullable().describe('client time-outs among the errors'),
    tpotExcluded: count.nullable().describe('requests of at most one token'),
    tokensSource: z.enum(['usage', 'chunks', 'mixed']).nullable(),
    errorRatio: figureSchema,
    ttft: quantilesSchema,
    ttftFirstChunk: quantilesSchema,
    ttftFirstVisible: quantilesSchema,
    ttftFromIntended: quantilesSchema,
    tpot: quantilesSchema,
    itl: quantilesSchema,
    latency: quantilesSchema,
    latencyFromIntended: quantilesSchema,
    requestsPerSecond: figureSchema,
    okPerSecond: figureSchema,
    conversationsPerSecond: figureSchema,
    outputTokensPerSecond: figureSchema,
    inputTokensPerSecond: figureSchema,
    inputTokensMean: figureSchema,
    outputTokensMean: figureSchema,
    tokensPerChunk: figureSchema,
    littleRatio: figureSchema,
    inFlightRatio: figureSchema,
    kvHitRatio: figureSchema.optional(),
    slo: z.array(sloSchema),
    errorSlo: z.object({ limit: z.number(), pass: z.boolean().nullable() }).nullable(),
    telemetry: telemetrySchema.nullish().describe('what servers and GPUs told of the used windows; null: nothing'),
    cache: cacheSchema.nullish().describe('the prefix cache in the used windows; null: nothing tells'),
  })
  .meta({ id: 'level' });

const runSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z
    .enum(['sweep', 'load', 'workload', 'import'])
    .describe('from a spec, by hand, by the compatible workload API, or read from the results of another tool'),
  state: z.enum(['running', 'completed', 'aborted']),
  reason: z.string().describe('why it was aborted; empty otherwise'),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  seconds: number.describe('from start to end, interruptions included'),
  segments: z
    .array(z.object({ startedAt: z.iso.datetime(), at: seconds }))
    .describe('stretches of the run; more than one when it was resumed'),
});

const specSchema = z.object({
  target: z.object({ url: z.string().nullable(), endpoint: z.string().nullable(), model: z.string().nullable() }),
  arrival: z.enum(['closed', 'constant', 'poisson', 'gamma']),
  targetRate: number,
  primeSeconds: number,
  warmupSeconds: number,
  measure: z
    .union([
      z.object({ kind: z.literal('duration'), seconds: z.number(), minSamples: count, maxSeconds: z.number() }),
      z.object({ kind: z.literal('requests'), requests: count }),
    ])
    .nullable(),
  snapshots: count.nullable(),
  cooldownSeconds: number,
  order: z.string().nullable(),
  excludeErrorRate: number,
  workload: z.object({ kind: z.string(), description: z.string(), seed: number }),
  slo: z.object({
    latency: z.array(
      z.object({
        name: z.string(),
        metric: z.enum(['ttft', 'tpot', 'itl', 'latency']),
        quantile: z.number(),
        seconds: z.number(),
      }),
    ),
    errorRatio: number,
  }),
});

const sourceSchema = z
  .object({
    tool: z.string().describe('whose files these were, e.g. `vLLM bench serve`'),
    toolVersion: z.string().nullable(),
    files: z.array(z.string()),
    detail: z
      .enum(['requests', 'aggregates', 'mixed'])
      .describe('recomputed from single requests, or carried over as the tool computed it'),
    gaps: z.array(z.string()).describe('what the files do not tell, or tell wrongly'),
    checks: z
      .array(
        z.object({
          load: z.number(),
          figure: z.string(),
          published: z.number(),
          recomputed: number,
          agrees: z.boolean(),
        }),
      )
      .describe(
        "the tool's own figures, computed anew from its single requests over its whole run, seconds or per second",
      ),
  })
  .meta({ id: 'source' });

export const resultSchema = z
  .object({
    schemaVersion: z.literal(SCHEMA_VERSION),
    generated: z.iso.datetime(),
    run: runSchema,
    spec: specSchema.describe('what was asked for, in short; spec.yaml has it whole'),
    deployment: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    source: sourceSchema.nullable().default(null).describe('where imported figures come from; null: measured here'),
    environment: z
      .object({
        version: z.string().describe('of Sweepscope'),
        node: z.string(),
        platform: z.string(),
        cpu: z.string(),
        cores: z.number(),
        simulated: z
          .object({ profile: z.string(), seed: z.number() })
          .optional()
          .describe('set: a simulated server in virtual time, where stamping delay and throttling do not exist'),
      })
      .nullable()
      .describe('null: measured by another tool'),
    plan: z.object({ levels: z.array(z.number()), repetitions: count }),
    preflight: z.array(z.object({ check: z.string(), ok: z.boolean(), detail: z.string() })),
    levels: z.array(levelSchema),
    analysis: analysisSchema.optional().describe('absent in results of versions without it'),
    withExcluded: z
      .array(levelSchema)
      .optional()
      .describe('levels with excluded windows, once more with those windows pooled in'),
    windows: z.array(windowSchema),
    telemetry: runTelemetrySchema.nullish().describe('from the first window to the last; null: nothing was scraped'),
    search: searchResultSchema.optional().describe('absent: no search was asked for'),
    excluded: z.array(z.object({ window: z.string(), repetition: count, load: z.number(), reason: z.string() })),
    warnings: z.array(z.string()),
    definitions: z.record(
      z.string(),
      z.object({
        title: z.string(),
        unit: z.string(),
        text: z.string(),
        like: z.string().optional().describe('of a definition of another tool: ours that it stands for'),
      }),
    ),
  })
  .meta({ title: 'Sweepscope result', description: 'One run: its figures, its windows, and what the words mean.' });

/** One run, as `result.json` holds it. Seconds, ratios 0–1, null where unknown. */
export type RunResult = z.infer<typeof resultSchema>;
export type LevelFigures = z.infer<typeof levelSchema>;
export type Figure = z.infer<typeof figureSchema>;
export type QuantileFigures = z.infer<typeof quantilesSchema>;
export type ImportSource = z.infer<typeof sourceSchema>;
export type WindowFigures = z.infer<typeof windowSchema>;

/** The text of `docs/schema/result.schema.json` (JSON Schema, draft 2020-12). */
export function generateResultSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(resultSchema, { io: 'input' }), null, 2)}\n`;
}
