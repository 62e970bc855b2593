import * as z from 'zod';

const number = z.number().nullable().describe('null: not told');

const gaugeSchema = z
  .object({ mean: number, peak: number, samples: z.number().int().nonnegative() })
  .meta({ id: 'gauge', description: 'one sample a scrape' });

const coverageSchema = z.object({
  upstream: z.string(),
  engine: z.string().nullable(),
  scrapes: z.number(),
  failed: z.number(),
  longestGapSeconds: number,
  restarts: z.number(),
  problem: z.string().describe('of the last failed scrape'),
});

const workerSchema = z.object({
  upstream: z.string(),
  replica: z.string(),
  running: number,
  waiting: number,
  outputTokensPerSecond: number,
});

/** `TelemetryFigures`, with null where it has NaN. */
export const telemetrySchema = z
  .object({
    seconds: z.number(),
    coverage: z.array(coverageSchema),
    requestsRunning: gaugeSchema,
    requestsWaiting: gaugeSchema,
    waitingShare: number,
    kvUsage: gaugeSchema,
    maxNumSeqs: number,
    kvHitRatio: number,
    preemptions: number,
    preemptionsPerRequest: number,
    requestsFinishedPerSecond: number,
    promptTokensPerSecond: number,
    outputTokensPerSecond: number,
    cachedTokensPerSecond: number,
    queueSeconds: number,
    prefillSeconds: number,
    ttftSeconds: number,
    requestSeconds: number,
    ttftGapSeconds: number,
    specDraftTokensPerSecond: number,
    specAcceptanceRatio: number,
    specAcceptanceLength: number,
    workerRunningSpread: gaugeSchema,
    workers: z.array(workerSchema),
    gpuUtilization: gaugeSchema,
    gpuMemoryUsedBytes: gaugeSchema,
    gpuMemoryTotalBytes: number,
    gpuPowerWatts: gaugeSchema,
    gpuTemperatureCelsius: gaugeSchema,
    gpuSmActive: gaugeSchema,
    gpuDramActive: gaugeSchema,
    gpuTensorActive: gaugeSchema,
    gpuEnergyJoules: number,
    tokensPerJoule: number,
    hostCpuBusyRatio: number,
    hostMemoryUsedBytes: gaugeSchema,
  })
  .meta({
    id: 'telemetry',
    description: 'Seconds, bytes, watts, ratios 0–1; counters as rates over exactly that time.',
  });

export const cacheSchema = z
  .object({
    mode: z.enum(['cold-unique', 'multi-turn', 'cache-hot']),
    expected: number.describe('share of prompt tokens that the workload lets a prefix cache find'),
    observed: number,
    source: z.enum(['usage', 'server']).nullable(),
    state: z.enum(['as_designed', 'contaminated', 'colder', 'unknown']),
    limit: number.describe('highest share that still is as designed; null: the workload sets none'),
  })
  .meta({ id: 'cache' });

export const runTelemetrySchema = z.object({
  figures: telemetrySchema,
  matched: z
    .record(z.string(), z.record(z.string(), z.string()))
    .describe("by upstream and role: the engine's metrics that it was read from"),
});

export type TelemetryJson = z.infer<typeof telemetrySchema>;
export type CacheJson = z.infer<typeof cacheSchema>;
export type RunTelemetryJson = z.infer<typeof runTelemetrySchema>;
