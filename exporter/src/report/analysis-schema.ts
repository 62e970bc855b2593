import * as z from 'zod';
import { CAUSES, VERDICTS } from '../analysis/run-analysis.js';

const number = z.number().nullable().describe('null: unknown');
const count = z.number().int().nonnegative();
const load = z.number().describe('users, or requests per second in open loop');

const finding = z.object({ kind: z.string(), text: z.string() });

/** Seconds, or `infinite`: longer than anything that was seen. */
const seconds = z.union([z.number(), z.literal('infinite')]).nullable();
const tail = z.object({ p50: seconds, p95: seconds, p99: seconds });

const outcomes = z.object({
  level: count.describe('index into plan.levels'),
  good: count.describe('started, not failed, and within every latency objective'),
  bad: count,
  undecided: count,
  attainment: z.object({ value: number, n: count, lower: number, upper: number, warning: z.string().nullable() }),
  goodputPerSecond: number,
  ttftSurvival: tail,
  latencySurvival: tail,
  ttftWithFailures: tail,
  latencyWithFailures: tail,
});

const judgement = z.object({
  level: count.describe('index into plan.levels'),
  load,
  verdict: z.enum(VERDICTS),
  reason: z.string().describe('in words, with the numbers that decided'),
  codes: z.array(z.string()).describe('ttft, throughput, errors, an objective, or a failed gate'),
  numbers: z.object({
    ttftRatio: number,
    gainPerUser: number,
    errorRatio: number,
    censoredRatio: number,
    predictedTtftSeconds: number,
  }),
  bindingSlo: z.object({ slo: z.string(), margin: number }).nullable(),
  causes: z.array(z.object({ cause: z.enum(CAUSES), text: z.string() })),
  certificates: z.array(
    z.object({
      slo: z.string(),
      requests: count,
      misses: count,
      certified: z.boolean().describe('at 99 % confidence, requests taken as independent'),
      requestsNeeded: count.nullable().describe('at the share of misses seen; null: at this share no number would do'),
    }),
  ),
  outcomes: outcomes.nullable().describe('null without raw records'),
});

const boundary = z.object({
  slo: z.string().describe('an objective, or all of them'),
  lastPass: load.nullable().describe('null: not even the lowest level passes'),
  firstFail: load.nullable().describe('null: none failed'),
  estimate: number,
  lower: number,
  upper: number,
});

const knee = z.object({
  load,
  lower: number,
  upper: number,
  slopeSecondsPerUser: z.number(),
  baseSeconds: z.number(),
  f: number,
  p: number,
  bicGain: number,
});

/** What was concluded from the levels of a run. */
export const analysisSchema = z
  .object({
    levels: z.array(judgement),
    firstSaturated: load.nullable(),
    boundaries: z.array(boundary),
    knee: knee.nullable(),
    kneeRefused: z.string().nullable().describe('why there is no knee'),
    opinions: z.array(
      z.object({
        method: z.enum(['usl', 'kneedle']),
        load: number,
        refused: z.string().nullable(),
        text: z.string(),
      }),
    ),
    slotLimit: z
      .object({ slots: z.number(), lower: number, upper: number, advertised: number })
      .nullable()
      .describe('requests served at once, as the waiting times tell; advertised: as the server does'),
    serial: z.object({ requestsPerSecond: z.number(), text: z.string() }).nullable(),
    warnings: z.array(finding).describe('what may mislead'),
    findings: z.array(finding).describe('most important first'),
    summary: z.string(),
  })
  .meta({ id: 'analysis' });

/** A run's analysis as `result.json` holds it: null where unknown. */
export type AnalysisFigures = z.infer<typeof analysisSchema>;
