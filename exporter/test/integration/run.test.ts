import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  diffSnapshots,
  decodeSparse,
  ttftEdges,
  tpotEdges,
  durationEdges,
  type SparseHistogram,
} from '../../src/measure/log-histogram.js';
import { parseResult } from '../../src/report/parse-result.js';
import type { RunResult } from '../../src/report/result-schema.js';
import { readRequests } from '../../src/store/run-folder.js';
import { bucketCountsOfWindow } from '../../src/store/window-counts.js';
import { cli, CliProcess, shortSpec, simulator, temporaryFolder } from '../support/cli.js';

interface EdgeLine {
  k: string;
  window: string;
  edge: string;
  histograms: Record<'ttft' | 'tpot' | 'duration', SparseHistogram>;
}

describe('sweepscope run', () => {
  const folder = temporaryFolder();
  let server: { url: string; stop(): Promise<void> };
  let dir = '';
  let result: RunResult;
  const scraped: { load: number; phase: string; text: string }[] = [];

  beforeAll(async () => {
    server = await simulator();
    const run = new CliProcess(['run', shortSpec(folder, server.url), '--listen', '0', '--linger', '10']);
    const [, metricsUrl] = await run.says(/metrics +(\S+)/);
    let over = false;
    const code = run.end().finally(() => (over = true));
    while (!over) {
      try {
        const text = await (await fetch(metricsUrl!)).text();
        const load = Number(/^loadgen_level\{[^}]*\} (\S+)$/m.exec(text)?.[1]);
        const phase = /^loadgen_phase\{[^}]*phase="(\w+)"[^}]*\} 1$/m.exec(text)?.[1] ?? '';
        scraped.push({ load, phase, text });
      } catch {
        break; // the run is over and its server gone
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect([await code, run.stderr]).toEqual([0, '']);
    dir = join(folder, 'runs', readdirSync(join(folder, 'runs'))[0]!);
    result = parseResult(readFileSync(join(dir, 'result.json'), 'utf8'), dir);
  }, 120_000);

  afterAll(() => server.stop());

  it('measures every level, and keeps the run in its folder', () => {
    expect(result.run.state).toBe('completed');
    expect(result.levels.map((level) => level.load)).toEqual([1, 2, 4]);
    expect(readdirSync(dir).sort()).toEqual([
      'report.md',
      'requests.jsonl',
      'result.json',
      'spec.yaml',
      'telemetry.jsonl',
      'timeline.jsonl',
    ]);
    for (const level of result.levels) {
      expect(level.ok).toBeGreaterThanOrEqual(10);
      expect(level.errors).toEqual({});
      expect(level.tokensSource).toBe('usage');
      expect(level.outputTokensMean.value).toBe(16);
    }
  });

  it('shows level and phase on /metrics as the sweep goes', () => {
    const seen = scraped.map(({ phase, load }) => `${phase} ${load}`);
    for (const expected of ['prime 1', 'warmup 1', 'measure 1', 'measure 2', 'measure 4'])
      expect(seen).toContain(expected);
  });

  it('exposes metrics that promtool accepts, during and after the sweep', () => {
    for (const { text } of [scraped[1]!, scraped[Math.floor(scraped.length / 2)]!, scraped.at(-1)!]) {
      expect(execFileSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })).toBe('');
    }
  });

  it('keeps the results of ended levels on /metrics', () => {
    const last = scraped.at(-1)!.text;
    for (const level of [1, 2, 4]) {
      expect(last).toMatch(new RegExp(`loadgen_result_ttft_seconds\\{[^}]*level="${level}"[^}]*\\} \\d`));
    }
    expect(last).toMatch(/loadgen_window_timestamp_seconds\{[^}]*edge="measure_end"[^}]*\} \d/);
  });

  it('counts in the histograms of each window exactly what requests.jsonl says', async () => {
    const { records, torn } = await readRequests(dir);
    expect(torn).toEqual([]);
    const lines = readFileSync(join(dir, 'timeline.jsonl'), 'utf8').trim().split('\n');
    const edges = lines.map((line) => JSON.parse(line) as EdgeLine).filter((line) => line.k === 'edge');
    const bounds = { ttft: ttftEdges([0.25]), tpot: tpotEdges([]), duration: durationEdges([]) };
    for (const window of result.windows) {
      const at = (edge: string): EdgeLine => edges.find((line) => line.window === window.id && line.edge === edge)!;
      for (const metric of ['ttft', 'tpot', 'duration'] as const) {
        const decode = (line: EdgeLine): ReturnType<typeof decodeSparse> =>
          decodeSparse(line.histograms[metric], bounds[metric].length);
        const gained = diffSnapshots(decode(at('measure_end')), decode(at('measure_start')));
        expect(gained).toEqual(bucketCountsOfWindow(records, window, bounds[metric], metric));
        expect(gained.counts[0]!.reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(10);
      }
    }
  });

  it('records every request it sent, with an id that is unique', async () => {
    const { records, segments } = await readRequests(dir);
    expect(segments).toHaveLength(1);
    expect(new Set(records.map((record) => record.id)).size).toBe(records.length);
    expect(records.every((record) => record.outcome === 'ok')).toBe(true);
    expect(records.filter((record) => record.level === -1).length).toBeGreaterThanOrEqual(1);
  });

  it('asks each question once', async () => {
    const { records } = await readRequests(dir);
    const keys = records.filter((record) => record.level >= 0).map((record) => record.conversation);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('reports with the seeds’ keys and no others', async () => {
    const report = await cli(['report', dir, '--format', 'seed-json']);
    const parsed = JSON.parse(report.stdout) as { levels: object[] };
    expect(Object.keys(parsed)).toEqual(['generated', 'mode', 'target_rps', 'levels']);
    expect(Object.keys(parsed.levels[0]!)).toEqual([
      'concurrency',
      'ttft_p50_ms',
      'ttft_p95_ms',
      'kv_hit_rate_pct',
      'error_pct',
      'actual_rps',
      'tops',
      'tpot_p50_ms',
      'tpot_p95_ms',
      'latency_p50_ms',
      'latency_p95_ms',
    ]);
  });

  it('refuses to resume a run that is complete', async () => {
    const resumed = await cli(['resume', dir, '--listen', '0']);
    expect(resumed.code).toBe(1);
    expect(resumed.stderr).toMatch(/is complete: there is nothing to go on with/);
  });

  it('pins a run and takes the pin away', async () => {
    expect((await cli(['pin', dir])).code).toBe(0);
    expect(readdirSync(dir)).toContain('pinned');
    expect((await cli(['pin', dir, '--remove'])).code).toBe(0);
    expect(readdirSync(dir)).not.toContain('pinned');
  });
});
