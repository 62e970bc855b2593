import type { ForeignDefinition } from './definitions.js';
import type { AggregateLevel, AggregateTime, Scalar, Statistic, TimeMetric } from './types.js';

/** A level of which nothing is known yet. */
export function emptyAggregate(load: number): AggregateLevel {
  return {
    detail: 'aggregates',
    load,
    seconds: NaN,
    completed: NaN,
    ok: NaN,
    errors: {},
    repetitions: null,
    times: {},
    scalars: {},
  };
}

/** Sets a scalar unless it is unknown. */
export function setScalar(level: AggregateLevel, scalar: Scalar, value: number, definition: ForeignDefinition): void {
  if (!Number.isNaN(value)) level.scalars[scalar] = { value, definition };
}

/** Sets the known statistics of a time, seconds; nothing when none is known. */
export function setTime(
  level: AggregateLevel,
  metric: TimeMetric,
  values: Partial<Record<Statistic, number>>,
  definition: ForeignDefinition,
  n = NaN,
): void {
  const known = Object.entries(values).filter(([, value]) => !Number.isNaN(value));
  if (known.length === 0) return;
  const time: AggregateTime = { ...Object.fromEntries(known), definition };
  level.times[metric] = Number.isNaN(n) ? time : { ...time, n };
}
