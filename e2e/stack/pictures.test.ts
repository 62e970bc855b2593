import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fillIn, legendLabels, panelTargets, type PanelTarget } from './support/panel-targets.js';
import type { Series } from './support/prometheus-client.js';
import { StackRig } from './support/rig.js';

const SECONDS = 1000;

interface Level {
  load: number;
  requestsPerSecond: { value: number };
  outputTokensPerSecond: { value: number };
  ttft: { p50: { value: number }; p95: { value: number } };
}

interface Result {
  levels: Level[];
  windows: { id: string; load: number; measureStartedAt: number; measureEndedAt: number; requests: number }[];
  run: { startedAt: string; endedAt: string };
}

/** Queries that cannot find anything here, by a part of place and expression, with the reason. */
const EXCEPTIONS: readonly [part: RegExp, reason: string][] = [
  [/sweep-results\.json · First level that misses it/, 'every level of this sweep may meet its objectives'],
  [/Drafts accepted · B/, 'the simulated server speaks as vLLM, not as SGLang'],
  [/loadgen_run_knee_level/, 'a sweep of three clean levels has no knee'],
  [/load-generator\.json · (CPU throttled|Held up · A)/, 'this machine may have no CPU quota'],
  [/gpu-dcgm\.json · PCIe and NVLink · B/, 'an L4 has no NVLink: the value that says so is left out'],
  [/load-generator\.json · Alerts of Sweepscope/, 'no alert is pending or firing'],
];

function exceptionTo({ where, expr }: PanelTarget): string | null {
  return EXCEPTIONS.find(([pattern]) => pattern.test(`${where} ${expr}`))?.[1] ?? null;
}

const finite = (series: readonly Series[]): Series[] =>
  series.filter(({ samples }) => samples.some(({ value }) => Number.isFinite(value)));

describe('the pictures of a sweep', () => {
  let rig: StackRig;
  let runId = '';
  let result: Result;
  let began = 0;
  let ended = 0;

  beforeAll(async () => {
    rig = await StackRig.start();
    await rig.prometheus.until('loadgen_phase{phase="probe"} == 1', 20);
    began = Date.now() / 1000;
    runId = await rig.sweeps.start();
    const run = await rig.sweeps.ended(runId);
    ended = Date.now() / 1000;
    result = run.result as Result;
    await rig.prometheus.until(`loadgen_run_end_timestamp_seconds{run="${runId}"}`, 10);
    await rig.prometheus.until('loadgen_phase{phase="probe"} == 1', 10);
  }, 180 * SECONDS);

  afterAll(() => rig.stop(), 60 * SECONDS);

  const variables = (): Record<string, string> => ({
    run: runId,
    baseline: 'none',
    __rate_interval: '4s',
    __range: `${Math.ceil(Date.now() / 1000 - began) + 5}s`,
  });

  it(
    'answers every query of every panel with data of the run, and labels for its legend',
    async () => {
      const empty: string[] = [];
      const unlabelled: string[] = [];
      for (const target of panelTargets()) {
        const expr = fillIn(target.expr, variables());
        const found = finite(
          target.instant ? await rig.prometheus.instant(expr) : await rig.prometheus.range(expr, began, ended + 2, 1),
        );
        if (exceptionTo(target) !== null) continue;
        if (found.length === 0) empty.push(`${target.where}: ${expr}`);
        const labels = legendLabels(target.legend);
        if (found.length > 0 && !found.some(({ metric }) => labels.every((label) => metric[label] !== undefined)))
          unlabelled.push(`${target.where}: ${target.legend}`);
      }
      expect(empty).toEqual([]);
      expect(unlabelled).toEqual([]);
    },
    120 * SECONDS,
  );

  it('lists no exception for a panel that does not exist', () => {
    const targets = panelTargets();
    const stale = EXCEPTIONS.filter(
      ([pattern]) => !targets.some(({ where, expr }) => pattern.test(`${where} ${expr}`)),
    );
    expect(stale).toEqual([]);
  });

  it("shows the report's figures on /metrics as they are", async () => {
    for (const level of result.levels) {
      const of = `run="${runId}",level="${level.load}"`;
      const p95 = await rig.prometheus.value(`loadgen_result_ttft_seconds{${of},q="p95",bound="point"}`);
      expect(p95).toBeCloseTo(level.ttft.p95.value, 6);
      expect(await rig.prometheus.value(`loadgen_result_requests_per_second{${of}}`)).toBeCloseTo(
        level.requestsPerSecond.value,
        6,
      );
    }
  });

  it('agrees by PromQL with the report, within the events of two scrapes and one bucket', async () => {
    const scrape = SCALE_SCRAPE;
    for (const level of result.levels) {
      const edge = (name: string): string =>
        `loadgen_window_timestamp_seconds{run="${runId}",level="${level.load}",edge="measure_${name}"}`;
      const start = await rig.prometheus.value(edge('start'));
      const end = await rig.prometheus.value(edge('end'));
      const over = `[${Math.round((end - start) * 1000)}ms]`;
      const requests = await rig.prometheus.value(`sum(increase(loadgen_requests_total${over}))`, end);
      const expected = level.requestsPerSecond.value * (end - start);
      expect(Math.abs(requests - expected)).toBeLessThanOrEqual(2 * scrape * level.requestsPerSecond.value + 2);
      const tokens = await rig.prometheus.value(`sum(increase(loadgen_output_tokens_total${over}))`, end);
      const expectedTokens = level.outputTokensPerSecond.value * (end - start);
      expect(Math.abs(tokens - expectedTokens)).toBeLessThanOrEqual(
        2 * scrape * level.outputTokensPerSecond.value + 48,
      );
      const p50 = await rig.prometheus.value(
        `histogram_quantile(0.5, sum by (le) (rate(loadgen_time_to_first_token_seconds_bucket${over})))`,
        end,
      );
      expect(p50 / level.ttft.p50.value).toBeGreaterThan(1 / BUCKET);
      expect(p50 / level.ttft.p50.value).toBeLessThan(BUCKET);
    }
  });

  it(
    'keeps the pictures of a finished run when the sidecar is restarted',
    async () => {
      const picture = `count(loadgen_window_timestamp_seconds{run="${runId}"})`;
      const figures = `count(loadgen_result_ttft_seconds{run="${runId}"})`;
      const before = [await rig.prometheus.value(picture), await rig.prometheus.value(figures)];
      await rig.restartSidecar();
      await rig.prometheus.until('loadgen_phase{phase="probe"} == 1', 20);
      expect([await rig.prometheus.value(picture), await rig.prometheus.value(figures)]).toEqual(before);
    },
    60 * SECONDS,
  );

  it(
    'answers the results dashboard with a run that was only backfilled',
    async () => {
      const old = await rig.prometheusOf(await rig.backfill(runId, ['--label', 'job=old', '--shift-to', 'now']));
      const empty: string[] = [];
      for (const target of panelTargets().filter(({ where }) => where.includes('sweep-results'))) {
        const expr = fillIn(target.expr, { ...variables(), job: 'old', __range: '10m' });
        const now = Date.now() / 1000;
        const found = finite(target.instant ? await old.instant(expr) : await old.range(expr, now - 600, now, 5));
        if (found.length === 0 && exceptionTo(target) === null) empty.push(`${target.where}: ${expr}`);
      }
      expect(empty).toEqual([]);
    },
    60 * SECONDS,
  );
});

/** Seconds between two scrapes at a tenth of the time. */
const SCALE_SCRAPE = 0.5;
/** Width of a bucket, 20 %, at both ends of the comparison. */
const BUCKET = 1.25;
