import type { Role } from '../../src/measure/telemetry-roles.js';
import type { Adapter } from '../../src/telemetry/adapters/types.js';
import { parseExposition } from '../../src/telemetry/exposition/parse.js';
import type { ExpositionSample } from '../../src/telemetry/exposition/types.js';
import { RoleReader } from '../../src/telemetry/read-roles.js';

/** A small generator of its own: 100,000 draws of fast-check would take longer than what is tested. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const PIECES = [
  ...['{', '}', '"', '\\', '\n', '\r', '\0', ' ', '\t', '=', ',', '#', '# ', '-', '+', '.', 'e', '0', '_total', '_sum'],
  ...['NaN', '+Inf', '1e999', '0x1', '# EOF', '# TYPE a ', '{a="', '"}', '[', '<', '\ud800', 'é', '\u2028', '\ufeff'],
  '\\'.repeat(300),
  '{"'.repeat(200),
];
const MOST_VICTIMS = 3;

type Random = ReturnType<typeof randomOf>;

/** One line with one thing wrong; may become several lines, or stay as it was. */
function mutated(line: string, random: Random): string {
  const at = random(line.length + 1);
  const piece = PIECES[random(PIECES.length)]!;
  const kind = random(6);
  if (kind === 0) return line.slice(0, at) + piece + line.slice(at);
  if (kind === 1) return line.slice(0, at) + line.slice(at + 1 + random(8));
  if (kind === 2) return line.slice(0, at) + piece + line.slice(at + piece.length);
  if (kind === 3) return line.slice(0, at) + line.slice(random(line.length + 1));
  if (kind === 4) return line.slice(0, at);
  return line.slice(0, at) + String.fromCharCode(line.charCodeAt(at) ^ (1 << random(7))) + line.slice(at + 1);
}

/** A page with some lines mutated. */
export interface MutatedPage {
  text: string;
  /** What the lines say one by one: those that were not mutated as they always did. */
  expected: readonly ExpositionSample[];
  /** Roles that no mutated line told before or tells now. */
  untouched: ReadonlySet<Role>;
}

/** An engine's page that is mutated again and again. */
export class MutablePage {
  private readonly lines: readonly string[];
  private readonly samplesOf: readonly (readonly ExpositionSample[])[];
  private readonly roles: ReadonlyMap<string, readonly Role[]>;
  private readonly values: ReadonlyMap<Role, string>;

  constructor(
    text: string,
    private readonly adapter: Adapter,
  ) {
    this.lines = text.split('\n');
    this.samplesOf = this.lines.map((line) => parseExposition(line).samples);
    this.roles = rolesByName(adapter);
    this.values = valuesByRole(new RoleReader(adapter).read(this.samplesOf.flat()).values);
  }

  mutate(random: Random): MutatedPage {
    const { lines, samplesOf } = this;
    const victims = new Map<number, string>();
    for (let left = 1 + random(MOST_VICTIMS); left > 0; left--) {
      const index = random(lines.length);
      victims.set(index, mutated(lines[index]!, random));
    }
    const touched = new Set<Role>();
    const expected: ExpositionSample[] = [];
    lines.forEach((_, index) => {
      const text = victims.get(index);
      if (text === undefined) return void expected.push(...samplesOf[index]!);
      // Only at the very beginning of a page is a byte order mark one.
      const { samples } = parseExposition(index === 0 ? text : `\n${text}`);
      expected.push(...samples);
      for (const { name } of [...samples, ...samplesOf[index]!]) this.touch(name, touched);
    });
    const untouched = new Set([...this.values.keys()].filter((role) => !touched.has(role)));
    const text = lines.map((line, index) => victims.get(index) ?? line).join('\n');
    return { text, expected, untouched };
  }

  /** Untouched roles that are told otherwise than by the page as it was. */
  lost(page: MutatedPage, values: Parameters<typeof valuesByRole>[0]): Role[] {
    const told = valuesByRole(values);
    return [...page.untouched].filter((role) => told.get(role) !== this.values.get(role));
  }

  private touch(name: string, touched: Set<Role>): void {
    for (const role of this.roles.get(name) ?? []) {
      touched.add(role);
      // Figures that hold for each worker are multiplied with the workers that this role tells.
      if (role === 'requests_running') for (const other of perWorkerRoles(this.adapter)) touched.add(other);
    }
  }
}

function valuesByRole(
  values: readonly { role: Role; replica: string; device: string; value: number }[],
): Map<Role, string> {
  const told = new Map<Role, string>();
  for (const { role, replica, device, value } of values) {
    told.set(role, `${told.get(role) ?? ''}${replica}|${device}=${value}\n`);
  }
  return told;
}

/** Which roles a metric's name may tell, by the adapter's own lists. */
function rolesByName({ roles, timed }: Adapter): Map<string, Role[]> {
  const found = new Map<string, Role[]>();
  const add = (name: string, role: Role): void => void found.set(name, [...(found.get(name) ?? []), role]);
  for (const [role, aliases] of Object.entries(roles)) {
    for (const { names } of aliases) {
      for (const name of names) for (const spelling of [name, `${name}_total`]) add(spelling, role as Role);
    }
  }
  for (const [role, aliases] of Object.entries(timed)) {
    for (const { names } of aliases) {
      for (const name of names) for (const part of ['sum', 'count']) add(`${name}_${part}`, `${role}_${part}` as Role);
    }
  }
  return found;
}

const perWorkerRoles = ({ roles }: Adapter): Role[] =>
  Object.entries(roles).flatMap(([role, aliases]) =>
    aliases.some(({ perWorker }) => perWorker === true) ? [role as Role] : [],
  );
