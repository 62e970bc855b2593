import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LevelFigures, RunResult } from '../../src/report/result-schema.js';
import { cli, CliProcess } from '../support/cli.js';

const QUICK = 'examples/quick.yaml';
const TOLERANCE = 0.05;

/** Its short form, of two levels, is in every `npm test`. */
describe('the whole quick sweep', () => {
  let dir = '';
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'sweepscope-virtual-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const levelsIn = (out: string): LevelFigures[] => {
    const [run] = readdirSync(out);
    return (JSON.parse(readFileSync(join(out, run!, 'result.json'), 'utf8')) as RunResult).levels;
  };
  const figures = ({
    ttft,
    telemetry,
    tpot,
    latency,
    requestsPerSecond,
    outputTokensPerSecond,
  }: LevelFigures): [string, number][] => [
    ['TTFT p50', ttft.p50.value!],
    ["TTFT by the server's own count", telemetry!.ttftSeconds!],
    ['TPOT p50', tpot.p50.value!],
    ['E2E p50', latency.p50.value!],
    ['requests/s', requestsPerSecond.value!],
    ['tokens/s', outputTokensPerSecond.value!],
  ];

  it('is the same in virtual and in real time within 5 %, level by level', async () => {
    const server = new CliProcess(['simulate', '--port', '0', '--profile', 'l4-qwen0.5b']);
    const [, url] = await server.says(/simulating .* on (http:\S+)/);
    const [real, virtual] = [join(dir, 'real'), join(dir, 'virtual')];
    try {
      expect((await cli(['run', QUICK, '--target', url!, '--out', real, '--listen', '127.0.0.1:0'])).code).toBe(0);
      expect((await cli(['simulate', '--virtual', QUICK, '--out', virtual])).code).toBe(0);
    } finally {
      server.kill('SIGTERM');
      await server.end();
    }
    const measured = levelsIn(real);
    const off = levelsIn(virtual).flatMap((level, index) => {
      const other = figures(measured[index]!);
      return figures(level).map(([name, value], place) => ({
        level: level.load,
        name,
        off: other[place]![1] / value - 1,
      }));
    });
    // The client's TTFT is told and not held: in real time this machine's own time for HTTP is in it, some milliseconds.
    // The server's is held.
    process.stdout.write(
      `${off.map((row) => `${row.level} ${row.name} ${(100 * row.off).toFixed(1)} %`).join('\n')}\n`,
    );
    const held = off.filter(({ name }) => name !== 'TTFT p50');
    expect(held.filter((row) => !(Math.abs(row.off) <= TOLERANCE))).toEqual([]);
  });
});
