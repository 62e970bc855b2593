import * as z from 'zod';

const number = z.number().nullable().describe('null: unknown, or none');
const count = z.number().int().nonnegative();

const objectiveSchema = z.object({
  slo: z.string(),
  required: z.number(),
  good: count,
  bad: count,
  undecided: count.describe('held against whatever was to be proven'),
  share: number,
  lower: z.number().describe('95 % interval that holds at all looks together'),
  upper: z.number(),
  designEffect: z.number().describe('dependent requests that are worth one independent one'),
  claim: z.enum(['pass', 'fail', 'open']),
  needed: number.describe('requests that would decide it at this share; null: decided, or no number would'),
});

const stepSchema = z.object({
  role: z.enum(['sweep', 'double', 'halve', 'close-in', 'retry', 'probe']),
  approach: z.enum(['above', 'below']).describe('whether the load that was another just before was higher or lower'),
  load: z.number(),
  level: count.describe('index into plan.levels'),
  windows: z.array(z.string()),
  outcome: z.enum(['pass', 'fail', 'open', 'invalid']),
  reason: z.string().describe('why it is invalid; empty otherwise'),
  binding: z.string().describe('the objective that decides, or is the hardest to decide'),
  samples: count,
  measuredSeconds: z.number(),
  seconds: z.number().describe('with its warm-up'),
  objectives: z.array(objectiveSchema),
});

/** A search for the SLO boundary, as `result.json` holds it. */
export const searchResultSchema = z
  .object({
    from: z.number(),
    to: z.number(),
    tolerance: z.union([
      z.object({ kind: z.literal('relative'), ratio: z.number() }),
      z.object({ kind: z.literal('absolute'), load: z.number() }),
    ]),
    end: z
      .enum(['found', 'all_pass', 'none_pass', 'undecided', 'max_levels', 'max_duration'])
      .nullable()
      .describe('null: the run ended before the search did'),
    lastPass: number.describe('highest load shown to meet every objective below every failing one'),
    firstFail: number.describe('lowest load shown to miss an objective'),
    estimate: number.describe('load at which the fitted curve meets the limit'),
    seconds: z.number(),
    steps: z.array(stepSchema),
    hysteresis: z
      .object({
        load: z.number(),
        verdict: z.enum(['none', 'found', 'undecided', 'unchecked']),
        shareFromBelow: number,
        shareFromAbove: number,
      })
      .nullable(),
  })
  .meta({ id: 'search' });

export type SearchFigures = z.infer<typeof searchResultSchema>;
