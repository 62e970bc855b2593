import * as z from 'zod';
import { DEFAULTS } from './defaults.js';
import { duration } from './duration.js';
import { integer, number, oneOf, positiveInteger, reject } from './fields.js';
import { levels } from './levels.js';
import { showValue } from './problems.js';
import { share } from './quantities.js';
import { resetCacheSchema } from './reset-cache-schema.js';
import type { LoadSpec, MeasureSpec, StopAfterSpec } from './spec.js';

const MAX_SNAPSHOTS = 1000;
const MAX_REPETITIONS = 100;

const measure = z
  .strictObject({
    duration: duration('Shortest measurement of a level.').nullish(),
    minSamples: integer('a whole number from 0', 'Measure on until this many requests have completed.', {
      min: 0,
    }).nullish(),
    maxDuration: duration('Longest measurement, whatever minSamples says; default 3 × duration.').nullish(),
    requests: positiveInteger('Measure this many completed requests instead of a duration.').nullish(),
  })
  .transform((written, context): MeasureSpec => {
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
    const maxSeconds = written.maxDuration ?? seconds * defaults.maxDurationFactor;
    if (maxSeconds < seconds) reject(context, 'must not be shorter than duration', { path: ['maxDuration'] });
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
    levels: levels(),
    arrival: oneOf(['closed', 'constant', 'poisson'], 'closed: a level is users; else requests per second.', [
      'gamma',
    ]).prefault(defaults.arrival),
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
    checkLevels(written.levels, written.arrival === 'closed', context);
    if (written.arrival !== 'closed' && written.targetRate !== null) {
      const hint = 'in open loop the levels are the rate already: remove targetRate';
      reject(context, `does not go together with arrival ${written.arrival}`, { path: ['targetRate'], hint });
    }
    return { ...rest, rampSeconds: ramp, primeSeconds: prime, warmupSeconds: warmup, cooldownSeconds: cooldown };
  });

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
