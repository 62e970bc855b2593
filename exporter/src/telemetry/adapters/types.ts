import type { Engine, Role, TimedRole } from '../../measure/telemetry-roles.js';

/** One metric of an engine, or several that are added up. */
export interface Alias {
  /** Sample names; counters without `_total`, which is looked for with and without. All must be there. */
  names: readonly string[];
  /** What each name is multiplied with; left out: 1. */
  weights?: readonly number[];
  /** Samples of which a label does not match are passed over; a label that is missing counts as empty. */
  where?: Readonly<Record<string, RegExp>>;
  /** To the role's unit. */
  scale?: number;
  /** The figure is of each worker where the page tells several. */
  perWorker?: true;
  /** Versions and peculiarities, shown by `doctor`. */
  note?: string;
}

/** Aliases in order: the first one that a page has is taken. */
export type RoleAliases = Partial<Record<Role, readonly Alias[]>>;
export type TimedAliases = Partial<Record<TimedRole, readonly Alias[]>>;

/** How an engine's page is read. Pure data. */
export interface Adapter {
  engine: Engine;
  /** A name that only this engine has. */
  recognise: RegExp;
  roles: RoleAliases;
  /** Histograms or summaries, of which `_sum` and `_count` are read. */
  timed: TimedAliases;
  /** Labels that tell workers apart, joined by `/`. */
  replicaLabels: readonly string[];
  /** Labels that tell GPUs apart. */
  deviceLabels: readonly string[];
  /** How samples that differ in other labels become one: engines split counters by reason, DCGM repeats a GPU per pod. */
  repeated: 'add' | 'highest';
  /** Values that mean "not supported". */
  isSentinel?: (value: number) => boolean;
}

/** One metric. */
export function metric(name: string, more: Omit<Alias, 'names'> = {}): Alias {
  return { names: [name], ...more };
}

/** Several metrics, added up. */
export function sumOf(names: readonly string[], more: Omit<Alias, 'names'> = {}): Alias {
  return { names, ...more };
}

export const PROCESS_START = { process_start_seconds: [metric('process_start_time_seconds')] } as const;
