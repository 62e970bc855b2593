import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cli, readJson, temporaryFolder } from '../support/cli.js';
import { closedLoop, vllmDetailed } from '../support/rival-files.js';

const PUBLISHED = fileURLToPath(new URL('../fixtures/published', import.meta.url));
const folder = temporaryFolder();
const runs = join(folder, 'runs');

/** Imports a file and returns the folder of the run. */
async function imported(file: string): Promise<string> {
  const command = await cli(['import', file, '--out', runs]);
  expect(command.stderr).toBe('');
  return join(/report {2}(.*)\/report\.md/.exec(command.stdout)![1]!);
}

function vllmFile(name: string, seed: number, gap: number): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(vllmDetailed(closedLoop({ users: 4, requests: 600, seed, gap }), 4)));
  return path;
}

describe('sweepscope import and compare', () => {
  let base: string;
  let candidate: string;

  beforeAll(async () => {
    base = await imported(join(PUBLISHED, '000-vllm-70b.md'));
    candidate = await imported(join(PUBLISHED, '001-eagle3.md'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('makes a run folder that report reads', async () => {
    const { stdout, code } = await cli(['report', candidate, '--format', 'seed-json']);

    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { levels: object[] }).levels[4]).toMatchObject({
      concurrency: 90,
      ttft_p50_ms: 25804.1,
      tops: null,
    });
  });

  it('puts the collapse first, and fails with 99 when asked to', async () => {
    const { stdout, code } = await cli(['compare', base, candidate, '--fail-on-regression']);

    expect(code).toBe(99);
    expect(stdout).toMatch(/## Findings\n\n1\. TTFT p50 collapses at 70, 80 and 100 users/);
    expect(stdout).toContain('not comparable: survivors');
  });

  it('takes a result.json, and prints JSON', async () => {
    const { stdout, code } = await cli(['compare', join(base, 'result.json'), candidate, '--format', 'json']);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      verdict: 'no interval',
      onlyCandidate: [130, 140, 150, 160],
    });
  });

  it('keeps single requests of another tool, so that a comparison has intervals', async () => {
    const [one, other] = [await imported(vllmFile('a.json', 1, 0.02)), await imported(vllmFile('b.json', 2, 0.024))];
    const { stdout, code } = await cli(['compare', one, other, '--format', 'json', '--fail-on-regression']);
    const { levels } = JSON.parse(stdout) as {
      levels: { figures: { figure: string; verdict: string; method: string }[] }[];
    };

    expect(code).toBe(99);
    expect(levels[0]!.figures.find(({ figure }) => figure === 'tpot_p50')).toMatchObject({
      verdict: 'worse',
      method: 'bootstrap',
    });
  });

  it('says which levels runs without a common one have', async () => {
    const other = await imported(join(PUBLISHED, '003-l4-qwen.md'));
    const { stderr, code } = await cli(['compare', base, other]);

    expect(code).toBe(1);
    expect(stderr).toContain(
      'no level in common: base 50, 60, 70, 80, 90, 100, 110, 120; candidate 1, 2, 4, 8, 16, 32',
    );
  });

  it('leaves no run behind when a file is damaged', async () => {
    const before = readdirSync(runs).length;
    const path = join(folder, 'cut.json');
    writeFileSync(path, JSON.stringify(vllmDetailed(closedLoop({ users: 4, requests: 60 }), 4)).slice(0, 5000));
    const { stderr, code } = await cli(['import', path, '--out', runs]);

    expect(code).toBe(1);
    expect(stderr).toMatch(/cut\.json: ends after 5000 characters inside of \w+.*it was cut off\nhint: /);
    expect(readdirSync(runs)).toHaveLength(before);
  });

  it('judges an import by objectives that it is given', async () => {
    const { stdout } = await cli([
      'import',
      join(PUBLISHED, '000-vllm-70b.md'),
      '--out',
      runs,
      '--slo',
      'tpot.p95=60ms',
    ]);
    const dir = /report {2}(.*)\/report\.md/.exec(stdout)![1]!;
    const { analysis } = readJson(join(dir, 'result.json')) as {
      analysis: { boundaries: { slo: string; lastPass: number; firstFail: number }[] };
    };

    expect(analysis.boundaries[0]).toMatchObject({ lastPass: 70, firstFail: 80 });
  });

  it('does not resume what it has imported', async () => {
    const { stderr, code } = await cli(['resume', base]);

    expect(code).toBe(1);
    expect(stderr).toContain('there is nothing to go on with');
  });
});
