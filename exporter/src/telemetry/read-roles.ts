import { ROLES, TIMED_ROLES, type Role } from '../measure/telemetry-roles.js';
import type { Adapter, Alias } from './adapters/types.js';
import type { ExpositionSample, Labels } from './exposition/types.js';
import type { RoleValue } from './page.js';

/** Where a sample's value goes: part `part` of the `rank`-th alias of a role. */
interface Entry {
  role: Role;
  rank: number;
  part: number;
  alias: Alias;
}

/** One worker's or device's parts of an alias. */
interface Cell {
  replica: string;
  device: string;
  parts: number[];
}

/** All that was found of one alias. */
interface Candidate {
  alias: Alias;
  /** Names as they stood there, by part. */
  names: string[];
  cells: Map<string, Cell>;
}

export interface RolesRead {
  values: RoleValue[];
  matched: Map<Role, string>;
}

/** Reads the roles off an engine's samples by its adapter's aliases. Pure; made once for an upstream. */
export class RoleReader {
  private readonly entries = new Map<string, Entry[]>();

  constructor(private readonly adapter: Adapter) {
    for (const [role, aliases] of Object.entries(adapter.roles) as [Role, readonly Alias[]][]) this.add(role, aliases);
    for (const timed of TIMED_ROLES) {
      const aliases = adapter.timed[timed] ?? [];
      this.add(`${timed}_sum`, aliases, '_sum');
      this.add(`${timed}_count`, aliases, '_count');
    }
  }

  wants(name: string): boolean {
    return this.entries.has(name);
  }

  /** Roles without a sample are not there: what is not told is missing, never 0. */
  read(samples: readonly ExpositionSample[]): RolesRead {
    const found = new Map<Role, (Candidate | undefined)[]>();
    for (const sample of samples) this.collect(sample, found);
    const values: RoleValue[] = [];
    const matched = new Map<Role, string>();
    for (const [role, candidates] of found) {
      const chosen = candidates.find((candidate) => candidate !== undefined && completeCells(candidate).length > 0);
      if (chosen === undefined) continue;
      values.push(...valuesOf(role, chosen));
      matched.set(role, words(chosen));
    }
    return { values: scaledByWorkers(values, found), matched };
  }

  private add(role: Role, aliases: readonly Alias[], suffix = ''): void {
    aliases.forEach((alias, rank) => {
      alias.names.forEach((name, part) => {
        const spellings = ROLES[role].kind === 'counter' && suffix === '' ? [`${name}_total`, name] : [name + suffix];
        for (const spelling of spellings) {
          const known = this.entries.get(spelling) ?? [];
          this.entries.set(spelling, [...known, { role, rank, part, alias }]);
        }
      });
    });
  }

  private collect(sample: ExpositionSample, found: Map<Role, (Candidate | undefined)[]>): void {
    const entries = this.entries.get(sample.name);
    if (entries === undefined || !Number.isFinite(sample.value) || this.adapter.isSentinel?.(sample.value)) return;
    for (const { role, rank, part, alias } of entries) {
      if (!matches(sample.labels, alias)) continue;
      const candidates = found.get(role) ?? [];
      if (!found.has(role)) found.set(role, candidates);
      const candidate = (candidates[rank] ??= { alias, names: [], cells: new Map() });
      candidate.names[part] ??= sample.name;
      if (candidate.names[part] === sample.name) this.note(candidate, role, part, sample);
    }
  }

  private note({ alias, cells }: Candidate, role: Role, part: number, { labels, value }: ExpositionSample): void {
    const { adapter } = this;
    const replica = joined(labels, adapter.replicaLabels);
    const device = joined(labels, adapter.deviceLabels);
    const key = `${replica}\n${device}`;
    const cell = cells.get(key) ?? { replica, device, parts: alias.names.map(() => NaN) };
    cells.set(key, cell);
    const before = cell.parts[part]!;
    const adds = adapter.repeated === 'add' && ROLES[role].fold === 'sum';
    if (Number.isNaN(before)) cell.parts[part] = value;
    else cell.parts[part] = adds ? before + value : Math.max(before, value);
  }
}

function matches(labels: Labels, { where }: Alias): boolean {
  if (where === undefined) return true;
  for (const name in where) if (!where[name]!.test(labels[name] ?? '')) return false;
  return true;
}

function joined(labels: Labels, names: readonly string[]): string {
  let text = '';
  for (const name of names) {
    const value = labels[name];
    if (value !== undefined && value !== '') text += text === '' ? value : `/${value}`;
  }
  return text;
}

const completeCells = ({ cells }: Candidate): Cell[] =>
  [...cells.values()].filter(({ parts }) => !parts.some(Number.isNaN));

function valuesOf(role: Role, candidate: Candidate): RoleValue[] {
  const { weights, scale = 1 } = candidate.alias;
  return completeCells(candidate).map(({ replica, device, parts }) => {
    const sum = parts.reduce((total, value, part) => total + value * (weights?.[part] ?? 1), 0);
    return { role, replica, device, value: sum * scale };
  });
}

function words({ names, alias }: Candidate): string {
  const sum = names.map((name, part) => `${part === 0 ? '' : (alias.weights?.[part] ?? 1) < 0 ? ' − ' : ' + '}${name}`);
  return `${sum.join('')}${alias.note === undefined ? '' : ` (${alias.note})`}`;
}

/** Figures that are told once but hold for each worker, times the workers that the page tells. */
function scaledByWorkers(values: RoleValue[], found: Map<Role, (Candidate | undefined)[]>): RoleValue[] {
  const perWorker = (role: Role): boolean =>
    found.get(role)?.find((known) => known !== undefined)?.alias.perWorker === true;
  const running = values.filter(({ role }) => role === 'requests_running');
  const workers = Math.max(1, new Set(running.map(({ replica }) => replica)).size);
  if (workers === 1) return values;
  return values.map((entry) => (perWorker(entry.role) ? { ...entry, value: entry.value * workers } : entry));
}
