import { describe, expect, it } from '@jest/globals';
import { buildImport } from '../../../src/report/import-result.js';
import { readImports } from '../../../src/report/importers/registry.js';
import { renderMarkdown } from '../../../src/report/markdown.js';
import { parseResult } from '../../../src/report/parse-result.js';
import { renderJson } from '../../../src/report/render.js';
import type { LevelFigures, RunResult } from '../../../src/report/result-schema.js';
import { renderSeedJson } from '../../../src/report/seed-json.js';
import { memoryFile, publishedFile } from '../../support/source-file.js';

async function imported(name: string): Promise<RunResult> {
  const [run] = await readImports([publishedFile(name)], null);
  return (await buildImport(run!, 'run', 1.8e9)).result;
}

async function importedText(text: string): Promise<RunResult[]> {
  const runs = await readImports([memoryFile('report.json', text)], null);
  return Promise.all(runs.map(async (run) => (await buildImport(run, 'run', 1.8e9)).result));
}

function levelOf({ levels }: RunResult, load: number): LevelFigures {
  return levels.find((level) => level.load === load)!;
}

describe('a report with its JSON', () => {
  it('gives its levels in seconds and ratios', async () => {
    const level = levelOf(await imported('001-eagle3.md'), 90);

    expect(level.ttft.p50.value).toBe(25.8041);
    expect(level.tpot.p95.value).toBe(0.0804);
    expect(level.latency.p95.value).toBe(109.029);
    expect(level.errorRatio.value).toBeCloseTo(0.16260163, 9);
    expect(level.requestsPerSecond.value).toBe(0.822276);
  });

  it('takes zeros that stand for a missing metric as unknown, and says so', async () => {
    const result = await imported('001-eagle3.md');

    expect(result.levels.map((level) => level.outputTokensPerSecond.value)).toEqual(Array(12).fill(null));
    expect(result.levels.every((level) => level.kvHitRatio === undefined)).toBe(true);
    expect(result.source!.gaps.join(' ')).toMatch(/output tokens\/s is 0 in the source.*KV hit rate is 0/);
  });

  it('keeps an error share of 0, which is a measurement', async () => {
    expect(levelOf(await imported('001-eagle3.md'), 50).errorRatio.value).toBe(0);
  });

  it('leaves counts and intervals that it does not tell unknown', async () => {
    const level = levelOf(await imported('001-eagle3.md'), 50);

    expect([level.started, level.completed, level.ok, level.seconds, level.steady]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(level.ttft.p50).toMatchObject({ n: null, lower: null, upper: null, origin: 'imported' });
    expect(level.ttft.p99.value).toBeNull();
  });

  it('names the definition that each figure follows, and explains it', async () => {
    const result = await imported('001-eagle3.md');
    const { definition } = levelOf(result, 50).requestsPerSecond;

    expect(definition).toBe('seed_requests_per_second');
    expect(result.definitions[definition]).toMatchObject({ like: 'requests_per_second', unit: '1/second' });
    expect(result.definitions[definition]!.text).toContain('Turns that ended');
  });

  it('takes deployment, warm-up and measurement from the text around it', async () => {
    const { spec, deployment } = await imported('001-eagle3.md');

    expect(spec.target.model).toBe('Llama 3.3 70B Instruct FP8 + EAGLE-3');
    expect(deployment).toMatchObject({ 'max-num-seqs': '64', GPU: '1x H200 (1 node)' });
    expect(spec).toMatchObject({ warmupSeconds: 60, measure: { seconds: 300 }, snapshots: 3, targetRate: 10 });
  });

  it('is written again as the same reference data', async () => {
    const [only] = await readImports([publishedFile('002-dynamo-kv.md')], null);
    const { result } = await buildImport(only!, 'run', 1.8e9);
    const [again] = await importedText(renderSeedJson(result));

    expect(again!.levels).toEqual(result.levels);
  });

  it('passes the schema of results and renders as a report', async () => {
    const result = await imported('001-eagle3.md');

    expect(parseResult(renderJson(result), 'result.json')).toEqual(result);
    expect(renderMarkdown(result)).toContain('## Source');
    expect(renderMarkdown(result)).not.toMatch(/NaN|undefined|null%/);
  });
});

describe('a report of tables alone', () => {
  it('gives what the tables hold, all of one level together', async () => {
    const level = levelOf(await imported('000-vllm-70b.md'), 120);

    expect(level.ttft.p95.value).toBe(2.227);
    expect(level.tpot.p50.value).toBe(0.084);
    expect(level.latency.p50.value).toBe(76.7);
    expect(level.requestsPerSecond.value).toBe(1.62);
  });

  it('warns where the source left repetitions out', async () => {
    const result = await imported('000-vllm-70b.md');

    expect(levelOf(result, 120).windowsUsed).toHaveLength(1);
    expect(result.warnings.join(' ')).toContain('At level 120, 2 of 3 repetitions were left out');
    expect(result.source!.gaps.join(' ')).toContain('Level 90: 1 run excluded (33% err, cold-start).');
  });

  it('reads times without a unit by what the text says of them', async () => {
    const level = levelOf(await imported('003-l4-qwen.md'), 32);

    expect(level.itl.p95.value).toBe(0.012);
    expect(level.latency.p50.value).toBe(1.082);
    expect(level.outputTokensPerSecond.value).toBe(3773);
  });

  it('reads a burst test with throughput only', async () => {
    const result = await imported('004-serial.md');

    expect(result.levels.map((level) => level.requestsPerSecond.value)).toEqual([23.05, 24.09, 23.64]);
    expect(levelOf(result, 50).ttft.p50.value).toBeNull();
    expect(result.deployment).toMatchObject({ 'max-num-seqs': '256' });
  });

  it('does not take a comparison of two runs for levels', async () => {
    const result = await imported('001-eagle3.md');

    expect(levelOf(result, 50).tpot.p50.value).toBe(0.0651);
  });

  it('refuses times whose unit nobody tells', async () => {
    const text = '| Concurrency | TTFT p50 |\n|---|---|\n| 1 | 27.0 |\n';

    await expect(readImports([memoryFile('report.md', text)], null)).rejects.toThrow(
      /report.md: has a time without a unit.*27\.0/,
    );
  });
});

describe('reports of two modes and averaged ones', () => {
  const mode = (ttft: number) => ({ ttft_p50_ms: ttft, ttft_p95_ms: 2 * ttft, tops: 10, kv_hit_rate_pct: 50 });
  const twoModes = JSON.stringify({
    generated: '2026-02-25T19:09:22Z',
    metric: 'ttft',
    levels: [
      { concurrency: 40, round_robin: mode(100), kv_aware: mode(80) },
      { concurrency: 50, round_robin: mode(200), kv_aware: { ...mode(90), ttft_p50_ms: null } },
    ],
  });

  it('become a run for each mode', async () => {
    const runs = await importedText(twoModes);

    expect(runs.map(({ deployment }) => deployment['mode'])).toEqual(['round_robin', 'kv_aware']);
    expect(levelOf(runs[1]!, 40).ttft.p50.value).toBe(0.08);
    expect(levelOf(runs[1]!, 40).kvHitRatio?.value).toBe(0.5);
  });

  it('keep nulls as unknown, with the level told', async () => {
    const [, kv] = await importedText(twoModes);

    expect(levelOf(kv!, 50).ttft.p50.value).toBeNull();
    expect(kv!.source!.gaps).toContain('Level 50: ttft_p50_ms is not in the source.');
  });

  it('say that an average over sweeps has no spread', async () => {
    const averaged = { type: 'averaged_baseline', num_sweeps: 3, levels: [{ concurrency: 40, ttft_p50_ms: 100 }] };
    const [run] = await importedText(JSON.stringify(averaged));

    expect(run!.plan.repetitions).toBe(3);
    expect(run!.source!.gaps.join(' ')).toContain('plain means over 3 sweeps');
  });
});

describe('bad input', () => {
  it.each([
    ['{"generated": "x", "levels": [{"concurr', /JSON can't be read/],
    ['{"levels": []}', /has no levels/],
    ['{"levels": [{"ttft_p50_ms": 5}]}', /levels\[0\] has no concurrency/],
    ['{"levels": [{"concurrency": 5, "ttft_p50_ms": null}]}', /no level with a figure/],
    ['{"levels": [{"concurrency": 5, "ttft_p50_ms": 1}, {"concurrency": 5, "ttft_p50_ms": 2}]}', /concurrency 5 twice/],
  ])('%s', async (text, message) => {
    await expect(importedText(text)).rejects.toThrow(message);
  });

  it('names the levels that are announced and missing', async () => {
    const text = '- **Concurrency levels:** 1, 2\n\n| Concurrency | TTFT p50 |\n|---|---|\n| 1 | 27ms |\n';
    const [run] = await readImports([memoryFile('report.md', text)], null);

    expect(run!.gaps).toContain('Levels 2 are announced, but there are no figures of them.');
  });

  it('says what a file of no known tool looks like', async () => {
    await expect(importedText('{"foo": 1, "bar": 2}')).rejects.toThrow(/no tool that is known \(its keys: foo, bar\)/);
  });

  it('sends a result of our own to the commands that read it', async () => {
    await expect(importedText('{"schemaVersion": 1}')).rejects.toThrow(/a result of Sweepscope already/);
  });

  it('says that an empty file is empty', async () => {
    await expect(importedText(' ')).rejects.toThrow(/is empty/);
  });
});
