import * as z from 'zod';
import { DEFAULTS } from './defaults.js';
import { duration } from './duration.js';
import { integer, number, oneOf, positiveInteger, reject } from './fields.js';
import { LEVEL_FORMS, levels } from './levels.js';
import { showValue } from './problems.js';
import { share } from './quantities.js';
import { resetCacheSchema } from './reset-cache-schema.js';
import { resolveSearch, searchSchema } from './search-schema.js';
import type { LoadSpec, MeasureSpec, StopAfterSpec } from './spec.js';

const MAX_SNAPSHOTS = 1000;
const MAX_REPETITIONS = 100;

/** A measurement before it is known whether levels are searched for, which may take longer. */
type WrittenMeasure =
  | Extract<MeasureSpec, { kind: 'requests' }>
  | (Omit<Extract<MeasureSpec, { kind: 'duration' }>, 'maxSeconds'> & { maxSeconds: number | null });

const measure = z
  .strictObject({
    duration: duration('Shortest measurement of a level.').nullish(),
    minSamples: integer('a whole number from 0', 'Measure on until this many requests have completed.', {
      min: 0,
    }).nullish(),
    maxDuration: duration('Longest measurement, whatever minSamples says; default 3 × duration.').nullish(),
    requests: positiveInteger('Measure this many completed requests instead of a duration.').nullish(),
  })
  .transform((written, context): WrittenMeasure => {
    const { requests } = written;
    if (typeof requests === 'number') {
      for (const key of ['duration', 'minSamples', 'maxDuration'] as const) {
        if (typeof written[key] === 'number')
          reject(context, 'does not go together with requests', { path: [key], hint: 'keep one of them' });
      }
      return { kind: 'requests', requests };
    }
    const defaults = DEFAULTS.load.measure;
    const seconds = written.duration ?? Number.parseFloat(defaults.duration);
    const maxSeconds = written.maxDuration ?? null;
    if (maxSeconds !== null && maxSeconds < seconds)
      reject(context, 'must not be shorter than duration', { path: ['maxDuration'] });
    return { kind: 'duration', seconds, minSamples: written.minSamples ?? defaults.minSamples, maxSeconds };
  });

const stopAfter = z
  .strictObject({
    errorRate: share('Abort the sweep at a higher share of errors …').nullish(),
    for: duration('… that lasts this long.').nullish(),
    saturatedLevels: positiveInteger('Leave out higher levels after this many saturated ones.').nullish(),
  })
  .transform((written, context): StopAfterSpec => {
    const { errorRate = null, for: lasting = null, saturatedLevels = null } = written;
    if ((errorRate === null) !== (lasting === null)) {
      const [key, other] = errorRate === null ? ['errorRate', 'for'] : ['for', 'errorRate'];
      reject(context, `is missing beside ${other}`, {
        path: [key],
        hint: 'e.g. stopAfter: {errorRate: 50%, for: 30s}',
      });
    }
    if (errorRate === null && saturatedLevels === null) {
      reject(context, 'says not when to stop', { path: [], hint: 'give saturatedLevels, or errorRate and for' });
    }
    return { errorRate, forSeconds: lasting ?? 0, saturatedLevels };
  });

const defaults = DEFAULTS.load;

export const loadSchema = z
  .strictObject({
    levels: levels().nullish(),
    search: searchSchema.nullish(),
    arrival: oneOf(
      ['closed', 'constant', 'poisson', 'gamma'],
      'closed: a level is users; else requests per second, in even steps, at random (poisson) or in bursts (gamma).',
    ).prefault(defaults.arrival),
    burstiness: number(
      'a number above 0',
      'Gamma arrivals: shape of the gaps; 1 is poisson, below 1 burstier, above 1 more regular; their CV is 1/√burstiness.',
      { min: 0, minIncluded: false },
    ).nullish(),
    targetRate: number('a number above 0', 'Cap on conversation starts per second over all users (closed loop).', {
      min: 0,
      minIncluded: false,
    })
      .nullable()
      .default(null),
    ramp: duration('New users start spread over this time; 0: all at once; absent: one mean conversation.', {
      zero: true,
    })
      .nullable()
      .default(null),
    prime: duration('Load before the first level of a repetition, so that turns are mixed.', { zero: true }).prefault(
      defaults.prime,
    ),
    warmup: duration('Shortest warm-up of a level; it ends when steady, at the latest after 5 times this; 0: none.', {
      zero: true,
    }).prefault(defaults.warmup),
    measure: measure.prefault({}),
    snapshots: positiveInteger('Equal parts of a measurement.', MAX_SNAPSHOTS).prefault(defaults.snapshots),
    cooldown: duration('Pause after the last level of a repetition.', { zero: true }).prefault(defaults.cooldown),
    repetitions: positiveInteger('How often the whole sweep is run.', MAX_REPETITIONS).prefault(defaults.repetitions),
    order: oneOf(
      ['ascending', 'shuffled', 'mirrored'],
      'Order of the levels in a repetition; mirrored: up in odd ones, down in even ones.',
    ).prefault(defaults.order),
    excludeErrorRate: share('Repetitions of a level with more errors are listed but not pooled.')
      .nullable()
      .default(null),
    stopAfter: stopAfter.nullable().default(null),
    maxInFlight: positiveInteger(
      'Open loop: arrivals beyond this many requests under way are dropped and counted.',
    ).prefault(defaults.maxInFlight),
    resetCache: resetCacheSchema.nullable().default(null),
  })
  .transform((written, context): LoadSpec => {
    const { ramp, prime, warmup, cooldown, ...rest } = written;
    const found = written.levels ?? [];
    checkLevels(found, written.arrival === 'closed', context);
    checkBurstiness(written.burstiness ?? null, written.arrival, context);
    if (!written.levels && !written.search) reject(context, NOTHING_TO_RUN.message, NOTHING_TO_RUN.options);
    const search = written.search ? resolveSearch(written.search, found, written.arrival, context) : null;
    if (search !== null) checkSearched(written, context);
    if (written.arrival !== 'closed' && written.targetRate !== null) {
      const hint = 'in open loop the levels are the rate already: remove targetRate';
      reject(context, `does not go together with arrival ${written.arrival}`, { path: ['targetRate'], hint });
    }
    return {
      ...rest,
      levels: found,
      search,
      burstiness: written.burstiness ?? defaults.burstiness,
      measure: resolveMeasure(written.measure, search !== null),
      rampSeconds: ramp,
      primeSeconds: prime,
      warmupSeconds: warmup,
      cooldownSeconds: cooldown,
    };
  });

type Context = Parameters<typeof reject>[0];

const NOTHING_TO_RUN = {
  message: `is missing: it must be levels such as ${LEVEL_FORMS}`,
  options: { path: ['levels'], hint: 'or search: {from: 8, to: 256} to look for the highest level that meets the slo' },
};

function resolveMeasure(written: WrittenMeasure, searched: boolean): MeasureSpec {
  if (written.kind === 'requests') return written;
  const { maxDurationFactor, maxDurationFactorInSearch } = defaults.measure;
  const factor = searched ? maxDurationFactorInSearch : maxDurationFactor;
  return { ...written, maxSeconds: written.maxSeconds ?? factor * written.seconds };
}

/** What does not go together with a search. */
function checkSearched(
  written: { measure: WrittenMeasure; repetitions: number; levels?: readonly number[] | null | undefined },
  context: Context,
): void {
  if (written.measure.kind === 'requests') {
    const hint = 'a level is measured until it is decided: duration and minSamples are its least, maxDuration its most';
    reject(context, 'does not go together with search', { path: ['measure', 'requests'], hint });
  }
  if (!written.levels && written.repetitions > 1) {
    const hint = 'a search measures as often as it needs to: remove repetitions';
    reject(context, 'does not go together with search', { path: ['repetitions'], hint });
  }
}

function checkBurstiness(written: number | null, arrival: string, context: Context): void {
  if (written === null || arrival === 'gamma') return;
  const hint = 'set arrival: gamma, or remove burstiness';
  reject(context, `does not go together with arrival ${arrival}`, { path: ['burstiness'], hint });
}

function checkLevels(found: readonly number[], closed: boolean, context: Parameters<typeof reject>[0]): void {
  found.forEach((level, index) => {
    const path = ['levels', index];
    if (closed && !Number.isSafeInteger(level)) {
      const hint = 'a level is users in closed loop; for requests per second set arrival: constant or poisson';
      reject(context, `must be a positive integer, got ${showValue(level)}`, { path, hint });
    }
    if (found.indexOf(level) < index) {
      const hint = 'to measure a level more than once use repetitions';
      reject(context, `is a level that was given before: ${level}`, { path, hint });
    }
  });
}
