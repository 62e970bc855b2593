import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AIPERF_ALIASES, AIPERF_FLAGS } from '../../../src/config/like/aiperf-flags.js';
import type { Flag, FlagTable } from '../../../src/config/like/flags.js';
import { GUIDELLM_ALIASES, GUIDELLM_FLAGS } from '../../../src/config/like/guidellm-flags.js';
import { VLLM_FLAGS } from '../../../src/config/like/vllm-flags.js';
import { sweepOf } from './like.js';

const read = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../../docs/coming-from/${name}.md`, import.meta.url)), 'utf8');

/** The text below a heading of the second level. */
function sectionOf(page: string, heading: string): string {
  const found = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (found === undefined) throw new Error(`there is no section ${heading}`);
  return found;
}

/** Flags that a section names, by the name in the table. In tables only the first column tells flags. */
function flagsIn(section: string, aliases: Readonly<Record<string, string>>): string[] {
  const told = section.replaceAll(/^\|([^|]*)\|.*$/gm, '$1');
  const found = [...told.matchAll(/`(--[a-z][\w-]*)(?![\w*-])[^`]*`/g)].map(([, name]) => aliases[name!] ?? name!);
  return [...new Set(found)].sort();
}

const PAGES: [page: string, table: FlagTable, aliases: Readonly<Record<string, string>>][] = [
  ['vllm-bench', VLLM_FLAGS, {}],
  ['guidellm', GUIDELLM_FLAGS, GUIDELLM_ALIASES],
  ['aiperf', AIPERF_FLAGS, AIPERF_ALIASES],
];

describe.each(PAGES)('docs/coming-from/%s.md', (name, table, aliases) => {
  const flagsThat = (use: Flag['use']): string[] =>
    Object.entries(table)
      .filter(([, flag]) => flag.use === use)
      .map(([flag]) => flag)
      .sort();

  it('names every flag that --like takes, and no other', () => {
    expect(flagsIn(sectionOf(read(name), 'Taken'), aliases)).toEqual(flagsThat('taken'));
  });

  it('names every flag that needs no place in a spec, and no other', () => {
    expect(flagsIn(sectionOf(read(name), 'Not needed'), aliases)).toEqual(flagsThat('needless'));
  });

  it('calls no flag refused that is not', () => {
    const told = flagsIn(sectionOf(read(name), 'Refused'), aliases);
    // What to write instead stands in the second column, which is not looked at.
    expect(told.filter((flag) => table[flag]?.use !== 'refused')).toEqual(
      told.filter((flag) => ['--refine', '--levels', '--max-concurrency', '--request-rate'].includes(flag)),
    );
  });

  it('has an example that makes a spec', () => {
    const [, command] = /sweepscope run --like "([^"]+)"/.exec(read(name)) ?? [];

    expect(sweepOf(command!).load.levels.length).toBeGreaterThan(0);
  });
});

describe('docs/coming-from/k6.md', () => {
  it('has an example that is a valid spec', async () => {
    const { specOf } = await import('../example-spec.js');
    const [, yaml] = /```yaml\n([^]+?)```/.exec(read('k6')) ?? [];

    expect(specOf(yaml!).load.levels).toEqual([10, 50, 100]);
  });
});
