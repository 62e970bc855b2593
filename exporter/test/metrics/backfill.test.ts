import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { backfillText } from '../../src/metrics/backfill.js';
import type { RetainedRun } from '../../src/metrics/sources.js';

const START = 1_800_000_000;

const window = (id: string, load: number, startedAt: number): RetainedRun['windows'][number] => ({
  id,
  load,
  repetition: 1,
  startedAt,
  measureStartedAt: startedAt + 10,
  measureEndedAt: startedAt + 50,
  endedAt: startedAt + 60,
  verdict: 'clean',
  cause: 'unknown',
  reasons: [],
});

const RUN: RetainedRun = {
  run: '20270115T080000Z-demo-1a2b',
  info: { name: 'demo', model: 'm"1', mode: 'single', workload: 'synthetic', arrival: 'closed' },
  end: { state: 'completed', epochSeconds: START + 120 },
  objectives: [{ name: 'ttft_p95', metric: 'ttft', quantile: 0.95, seconds: 0.6 }],
  windows: [window('r1-l1', 1, START), window('r1-l2', 2, START + 60)],
  levels: [],
  conclusions: {
    levels: [
      { load: 1, verdict: 'clean' },
      { load: 2, verdict: 'saturated' },
    ],
    boundary: { lastPass: 1, firstFail: 2, estimate: 1.5 },
    knee: null,
  },
};

const text = (shiftSeconds = 0): string =>
  backfillText(RUN, START, START + 120, {
    stepSeconds: 15,
    shiftSeconds,
    labels: { job: 'sweepscope', instance: 'old' },
  });

/** Samples of a series as [time, value]. */
function samples(of: string, name: string, ...labels: string[]): [number, number][] {
  return of.split('\n').flatMap((line) => {
    const match = /^(\w+)\{(.*)\} (\S+) (\S+)$/.exec(line);
    if (match?.[1] !== name || !labels.every((label) => match[2]!.includes(label))) return [];
    return [[Number(match[4]), Number(match[3])] as [number, number]];
  });
}

describe('backfill', () => {
  it('tells the level and the phase as they were', () => {
    expect(samples(text(), 'loadgen_level').slice(0, 6)).toEqual(
      [0, 15, 30, 45, 60, 75].map((t) => [START + t, t < 60 ? 1 : 2]),
    );
    const measuring = samples(text(), 'loadgen_phase', 'phase="measure"').filter(([, value]) => value === 1);
    expect(measuring.map(([at]) => at - START)).toEqual([15, 30, 45, 75, 90, 105]);
  });

  it('tells nothing before it was known', () => {
    expect(samples(text(), 'loadgen_level_verdict', 'level="1"')[0]).toEqual([START + 60, 1]);
    expect(samples(text(), 'loadgen_level_verdict', 'level="2"')[0]).toEqual([START + 120, 3]);
    expect(samples(text(), 'loadgen_run_slo_level', 'bound="last_pass"')[0]).toEqual([START + 120, 1]);
    expect(samples(text(), 'loadgen_window_timestamp_seconds', 'window="r1-l2"', 'edge="start"')[0]).toEqual([
      START + 60,
      START + 60,
    ]);
  });

  it('moves samples and the times that they tell alike', () => {
    const edges = samples(text(1000), 'loadgen_window_timestamp_seconds', 'window="r1-l1"', 'edge="end"');
    expect(edges[0]).toEqual([START + 1060, START + 1060]);
  });

  it('bears the labels that a scrape would have set, and escapes those of the run', () => {
    expect(text()).toContain(
      'loadgen_run_info{job="sweepscope",instance="old",run="20270115T080000Z-demo-1a2b",name="demo",model="m\\"1"',
    );
  });

  it('says nothing that alerts read: an old run must neither wake nor mute anybody', () => {
    expect(text()).not.toMatch(/loadgen_alerts_muted|loadgen_oldest_unanswered|loadgen_progress/);
  });

  it('leaves out what it does not know, instead of a zero', () => {
    expect(text()).not.toMatch(/NaN|loadgen_inflight_requests|loadgen_run_knee_level/);
  });

  it('makes blocks with promtool', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sweepscope-backfill-'));
    writeFileSync(join(folder, 'run.om'), text());
    execFileSync(
      'promtool',
      ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'run.om'), join(folder, 'data')],
      { stdio: 'pipe' },
    );
    expect(readdirSync(join(folder, 'data')).length).toBeGreaterThan(0);
  });
});
