import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { buildImport } from '../../../src/report/import-result.js';
import { readImports } from '../../../src/report/importers/registry.js';
import type { SourceFile } from '../../../src/report/importers/types.js';
import { renderMarkdown } from '../../../src/report/markdown.js';
import { parseResult } from '../../../src/report/parse-result.js';
import { renderJson } from '../../../src/report/render.js';
import type { LevelFigures, RunResult } from '../../../src/report/result-schema.js';
import {
  aiperfAggregate,
  aiperfRecords,
  closedLoop,
  guideBenchmark,
  guideBenchmark03,
  guideFile,
  vllmAggregate,
  vllmDetailed,
} from '../../support/rival-files.js';
import { memoryFile } from '../../support/source-file.js';

const jsonFile = (name: string, value: unknown): SourceFile => memoryFile(name, JSON.stringify(value));

async function importAll(...files: SourceFile[]): Promise<RunResult[]> {
  const runs = await readImports(files, null);
  return Promise.all(runs.map(async (run) => (await buildImport(run, 'run', 1.8e9)).result));
}

async function importOne(...files: SourceFile[]): Promise<RunResult> {
  const runs = await importAll(...files);
  expect(runs).toHaveLength(1);
  return runs[0]!;
}

const SEEN = closedLoop({ users: 4, requests: 80 });
const FAILING = closedLoop({ users: 4, requests: 80, failEvery: { n: 10, message: 'Service Unavailable' } });

describe('single requests of any tool', () => {
  const fromVllm = () => importOne(jsonFile('vllm.json', vllmDetailed(SEEN, 4)));
  const fromGuideLlm = () => importOne(jsonFile('benchmarks.json', guideFile([guideBenchmark(SEEN, 4)])));
  const fromAiperf = () =>
    importOne(
      memoryFile('a/profile_export.jsonl', aiperfRecords(SEEN)),
      jsonFile('a/profile_export_aiperf.json', aiperfAggregate(SEEN, 4)),
    );
  const tools: [string, () => Promise<RunResult>][] = [
    ['vLLM bench', fromVllm],
    ['GuideLLM', fromGuideLlm],
    ['AIPerf', fromAiperf],
  ];

  it.each(tools)('of %s give the same figures, whatever the tool calls them', async (_, from) => {
    const [level, reference] = [(await from()).levels[0]!, (await fromVllm()).levels[0]!];

    const figures = ({ ttft, tpot, latency, okPerSecond, outputTokensPerSecond }: LevelFigures) =>
      [ttft.p50, ttft.p95, tpot.p50, latency.p95, okPerSecond, outputTokensPerSecond].map(({ value }) => value!);
    figures(level).forEach((value, index) => expect(value).toBeCloseTo(figures(reference)[index]!, 4));
  });

  it.each(tools)('of %s leave ramp-up and tail out', async (_, from) => {
    const level = (await from()).levels[0]!;

    expect(level.completed).toBe(80 - 2 * 4);
    expect(level.littleRatio.value).toBeGreaterThan(0.98);
    expect(level.littleRatio.value).toBeLessThan(1.02);
    expect(level.valid).toBe(true);
  });

  it.each(tools)('of %s confirm what the tool published of its whole run', async (_, from) => {
    const { checks } = (await from()).source!;

    expect(checks.length).toBeGreaterThanOrEqual(3);
    expect(checks.filter(({ agrees }) => !agrees)).toEqual([]);
  });

  it.each(tools)('of %s pass the schema and render as a report', async (_, from) => {
    const result = await from();

    expect(parseResult(renderJson(result), 'result.json')).toEqual(result);
    expect(renderMarkdown(result)).not.toMatch(/NaN|undefined/);
  });

  it('give pooled gaps where the tool keeps them, and none where it does not', async () => {
    const [vllm, guide, aiperf] = await Promise.all([fromVllm(), fromGuideLlm(), fromAiperf()]);

    expect(aiperf.levels[0]!.itl.p95.value).toBeCloseTo(vllm.levels[0]!.itl.p95.value!, 4);
    expect(guide.levels[0]!.itl.p95.value).toBeNull();
    expect(guide.source!.gaps.join(' ')).toContain('there is no ITL');
  });

  it('carry the definition of the stamp that the tool took', async () => {
    const [vllm, guide, aiperf] = await Promise.all([fromVllm(), fromGuideLlm(), fromAiperf()]);

    expect([vllm, guide, aiperf].map(({ levels }) => levels[0]!.ttft.p50.definition)).toEqual([
      'vllm_ttft',
      'guidellm_ttft',
      'aiperf_ttft',
    ]);
    expect(vllm.levels[0]!.tpot.p50).toMatchObject({ definition: 'tpot', origin: 'imported' });
  });

  it('count failures apart from the times, by class', async () => {
    const level = (await importOne(jsonFile('vllm.json', vllmDetailed(FAILING, 4)))).levels[0]!;

    expect(level.errors).toEqual({ http_5xx: level.completed! - level.ok! });
    expect(level.ttft.p50.value).toBeGreaterThan(0.15);
  });

  it('are taken whole where there are too few of them, which is told', async () => {
    const few = closedLoop({ users: 8, requests: 16 });
    const result = await importOne(jsonFile('vllm.json', vllmDetailed(few, 8)));

    expect(result.levels[0]!.completed).toBe(16);
    expect(result.source!.gaps.join(' ')).toContain(
      '16 requests are too few for 8 users to leave ramp-up and tail out',
    );
  });

  it('make a level invalid when the tool did not hold its users', async () => {
    const result = await importOne(jsonFile('vllm.json', vllmDetailed(SEEN, 8)));

    expect(result.levels[0]).toMatchObject({ valid: false, invalidReasons: ['little', 'in_flight'] });
  });

  it('of repetitions are pooled into one level of several windows', async () => {
    const again = closedLoop({ users: 4, requests: 80, seed: 2 });
    const result = await importOne(
      jsonFile('run=0.json', vllmDetailed(SEEN, 4)),
      jsonFile('run=1.json', vllmDetailed(again, 4)),
    );

    expect(result.levels).toHaveLength(1);
    expect(result.windows.map(({ id }) => id)).toEqual(['r1-l1', 'r2-l1']);
    expect(result.levels[0]!.completed).toBe(2 * 72);
  });
});

describe('vLLM bench', () => {
  it('without --save-detailed carries the aggregates over, with its own definitions', async () => {
    const result = await importOne(jsonFile('vllm.json', vllmAggregate(SEEN, 4, { p95_ttft_ms: 240.5 })));
    const level = result.levels[0]!;

    expect(result.source!.detail).toBe('aggregates');
    expect(level.ttft.p95).toMatchObject({ value: 0.2405, definition: 'vllm_ttft', lower: null, n: null });
    expect(level.okPerSecond.definition).toBe('vllm_requests_per_second');
    expect(level.requestsPerSecond.value).toBeNull();
  });

  it('takes medians for p50, and leaves percentiles that were not asked for unknown', async () => {
    const fields = vllmAggregate(SEEN, 4, { median_ttft_ms: 210, p99_ttft_ms: 260 });
    const { ttft, latency } = (await importOne(jsonFile('vllm.json', fields))).levels[0]!;

    expect([ttft.p50.value, ttft.p95.value, ttft.p99.value, latency.p95.value]).toEqual([0.21, null, 0.26, null]);
  });

  it('makes one sweep of several files, sorted by users', async () => {
    const files = [8, 1, 4].map((users) => jsonFile(`c${users}.json`, vllmAggregate(SEEN, users)));

    expect((await importOne(...files)).plan.levels).toEqual([1, 4, 8]);
  });

  it('reads results that were appended to one file', async () => {
    const text = [1, 2].map((users) => JSON.stringify(vllmDetailed(SEEN, users))).join('\n');

    expect((await importOne(memoryFile('all.json', text))).plan.levels).toEqual([1, 2]);
  });

  it('keeps aggregates of repetitions as runs of their own, since their quantiles cannot be pooled', async () => {
    const runs = await importAll(
      jsonFile('run=0.json', vllmAggregate(SEEN, 4)),
      jsonFile('run=1.json', vllmAggregate(SEEN, 4)),
    );

    expect(runs.map(({ run }) => run.name)).toEqual(['tiny (repetition 1 of 2)', 'tiny (repetition 2 of 2)']);
  });

  it('takes a request rate for an open-loop level', async () => {
    const result = await importOne(
      jsonFile('vllm.json', vllmAggregate(SEEN, 4, { request_rate: 2.5, max_concurrency: null })),
    );

    expect(result.spec.arrival).toBe('poisson');
    expect(result.plan.levels).toEqual([2.5]);
  });

  it('knows the users of older files by their name', async () => {
    const older = Object.fromEntries(
      Object.entries(vllmAggregate(SEEN, 4)).filter(([key]) => key !== 'max_concurrency' && key !== 'failed'),
    );
    const result = await importOne(jsonFile('openai-chat-infqps-concurrency16-tiny-20250101.json', older));

    expect(result.plan.levels).toEqual([16]);
    expect(result.levels[0]!.errorRatio.value).toBeNull();
  });

  it('has no rates where older detailed files do not tell when requests started', async () => {
    const older = Object.fromEntries(Object.entries(vllmDetailed(SEEN, 4)).filter(([key]) => key !== 'start_times'));
    const level = (await importOne(jsonFile('vllm.json', older))).levels[0]!;

    expect(level.ttft.p50.n).toBe(80);
    expect([level.okPerSecond.value, level.littleRatio.value, level.seconds]).toEqual([null, null, null]);
  });

  it('takes the zeros of a run without a success as unknown', async () => {
    const fields = {
      ...vllmAggregate(SEEN, 4),
      completed: 0,
      failed: 80,
      mean_ttft_ms: 0,
      median_ttft_ms: 0,
      output_throughput: 0,
    };
    const level = (await importOne(jsonFile('vllm.json', fields))).levels[0]!;

    expect([level.ttft.p50.value, level.outputTokensPerSecond.value]).toEqual([null, null]);
    expect(level.errorRatio.value).toBe(1);
  });

  it('reads NaN, as Python writes it, as unknown', async () => {
    const text = JSON.stringify(vllmAggregate(SEEN, 4)).replace(/"mean_ttft_ms":[\d.]+/, '"mean_ttft_ms":NaN');

    expect((await importOne(memoryFile('vllm.json', text))).levels[0]!.ttft.mean.value).toBeNull();
  });

  it('accepts the key with a trailing colon of an older fork', async () => {
    const fields = { ...vllmAggregate(SEEN, 4), 'request_goodput:': 1.2 };

    expect((await importOne(jsonFile('vllm.json', fields))).levels).toHaveLength(1);
  });

  it('refuses files of different models', async () => {
    const files = [
      jsonFile('a.json', vllmAggregate(SEEN, 1)),
      jsonFile('b.json', vllmAggregate(SEEN, 2, { model_id: 'large' })),
    ];

    await expect(importAll(...files)).rejects.toThrow(/b.json: is of model "large", but a.json of "tiny"/);
  });

  it('says where a file was cut off', async () => {
    const text = JSON.stringify(vllmDetailed(SEEN, 4));

    await expect(importAll(memoryFile('vllm.json', text.slice(0, -5000)))).rejects.toThrow(
      /vllm.json: ends after \d+ characters inside of \w+.*cut off/,
    );
  });

  it('refuses lists that do not belong together', async () => {
    const fields = { ...vllmDetailed(SEEN, 4), start_times: [1, 2, 3] };

    await expect(importAll(jsonFile('vllm.json', fields))).rejects.toThrow('has 80 ttfts but 3 start_times');
  });
});

describe('GuideLLM', () => {
  it('takes each strategy of a file as a level', async () => {
    const file = guideFile([guideBenchmark(SEEN, 4), guideBenchmark(closedLoop({ users: 8, requests: 80 }), 8)]);

    expect((await importOne(jsonFile('benchmarks.json', file))).plan.levels).toEqual([4, 8]);
  });

  it('makes runs of their own of users and of rates, and tells of strategies without a level', async () => {
    const rate = { ...guideBenchmark(SEEN, 4, false), config: { strategy: { type_: 'constant', rate: 2 } } };
    const burst = { ...guideBenchmark(SEEN, 4, false), config: { strategy: { type_: 'throughput' } } };
    const runs = await importAll(jsonFile('benchmarks.json', guideFile([guideBenchmark(SEEN, 4), rate, burst])));

    expect(runs.map(({ spec, plan }) => [spec.arrival, ...plan.levels])).toEqual([
      ['closed', 4],
      ['constant', 2],
    ]);
    expect(runs[0]!.source!.gaps).toContain('Strategies without a level were left out: throughput.');
  });

  it('carries aggregates over where requests were not kept, its inter token latency as TPOT', async () => {
    const level = (await importOne(jsonFile('benchmarks.json', guideFile([guideBenchmark(SEEN, 4, false)]))))
      .levels[0]!;

    expect(level.tpot.p50.definition).toBe('guidellm_itl');
    expect(level.tpot.p50.value).toBeCloseTo(0.02, 2);
    expect(level.latency.p50.value).toBeGreaterThan(0.5);
  });

  it('reads the layout of 0.3', async () => {
    const result = await importOne(jsonFile('benchmarks.json', { benchmarks: [guideBenchmark03(SEEN, 4)] }));

    expect(result.spec.target).toMatchObject({ model: 'tiny', url: 'http://127.0.0.1:8000' });
    expect(result.levels[0]).toMatchObject({ load: 4, completed: 72 });
  });

  it('reads YAML', async () => {
    const file = guideFile([guideBenchmark(SEEN, 4)]);

    const yaml = stringify({ benchmarks: (file as { benchmarks: object[] }).benchmarks });
    expect((await importOne(memoryFile('benchmarks.yaml', yaml))).levels[0]!.completed).toBe(72);
  });

  it('says when no strategy ended', async () => {
    await expect(importAll(jsonFile('benchmarks.json', guideFile([])))).rejects.toThrow('has no benchmarks');
  });
});

describe('AIPerf', () => {
  it('leaves requests of its warm-up out', async () => {
    const result = await importOne(memoryFile('c4/profile_export.jsonl', aiperfRecords(SEEN)));

    expect(result.levels[0]!.load).toBe(4);
    expect(result.levels[0]!.ttft.p99.value).toBeLessThan(1);
  });

  it('takes each folder as a level of a sweep', async () => {
    const files = [2, 8].map((users) =>
      jsonFile(`sweep/concurrency_${users}/profile_export_aiperf.json`, aiperfAggregate(SEEN, users)),
    );

    expect((await importOne(...files)).plan.levels).toEqual([2, 8]);
  });

  it('reads the layout with metrics below "records"', async () => {
    const { input_config, ...metrics } = aiperfAggregate(SEEN, 4);
    const result = await importOne(jsonFile('profile_export_aiperf.json', { input_config, records: metrics }));

    expect(result.levels[0]!.ttft.p50.value).toBeCloseTo(0.2, 1);
  });

  it('reads the CSV, by the unit beside each name', async () => {
    const csv =
      'Metric,avg,min,max,sum,p1,p5,p10,p25,p50,p75,p90,p95,p99,std\r\nTime to First Token (ms),200,1,2,,1,1,1,1,198,1,1,240,250,5\r\n' +
      'Request Latency (s),0.9,1,2,,1,1,1,1,0.8,1,1,1.1,1.2,5\r\n\r\nMetric,Value\r\nRequest Count,80\r\nRequest Throughput (requests/sec),4.5\r\n';
    const level = (await importOne(memoryFile('c16/profile_export_aiperf.csv', csv))).levels[0]!;

    expect(level).toMatchObject({ load: 16, ok: 80 });
    expect([level.ttft.p95.value, level.latency.p50.value, level.okPerSecond.value]).toEqual([0.24, 0.8, 4.5]);
  });

  it('counts lines that a crash has torn', async () => {
    const text = aiperfRecords(SEEN);
    const result = await importOne(memoryFile('c4/profile_export.jsonl', text.slice(0, -200)));

    expect(result.source!.gaps.join(' ')).toContain('1 lines are no whole record');
  });

  it('refuses a time in a unit that it does not know', async () => {
    const text = aiperfRecords(SEEN).replaceAll('"unit":"ms"', '"unit":"fortnights"');

    await expect(importAll(memoryFile('c4/profile_export.jsonl', text))).rejects.toThrow('has a time in "fortnights"');
  });

  it('asks for the concurrency where nothing tells it', async () => {
    await expect(importAll(memoryFile('profile_export.jsonl', aiperfRecords(SEEN)))).rejects.toThrow(
      'does not tell the concurrency',
    );
  });
});
