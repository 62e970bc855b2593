import { describe, expect, it } from '@jest/globals';
import { buildImport } from '../../../src/report/import-result.js';
import { readImports } from '../../../src/report/importers/registry.js';
import type { ImportKind, SourceFile } from '../../../src/report/importers/types.js';
import { renderMarkdown } from '../../../src/report/markdown.js';
import type { RunResult } from '../../../src/report/result-schema.js';
import {
  aiperfAggregate,
  aiperfRecords,
  closedLoop,
  guideBenchmark,
  guideFile,
  vllmDetailed,
} from '../../support/rival-files.js';
import { memoryFile } from '../../support/source-file.js';

const jsonFile = (name: string, value: unknown): SourceFile => memoryFile(name, JSON.stringify(value));

async function importOne(files: readonly SourceFile[], forced: ImportKind | null = null): Promise<RunResult> {
  const runs = await readImports(files, forced);
  expect(runs).toHaveLength(1);
  return (await buildImport(runs[0]!, 'run', 1.8e9)).result;
}

const SEEN = closedLoop({ users: 2, requests: 20 });
const FAILED = closedLoop({ users: 2, requests: 20, failEvery: { n: 1, message: 'Service Unavailable' } });

const vllm = jsonFile('vllm.json', vllmDetailed(SEEN, 2));
const guide = jsonFile('benchmarks.json', guideFile([guideBenchmark(SEEN, 2)]));
const aiperf = jsonFile('c2/profile_export_aiperf.json', aiperfAggregate(SEEN, 2));

/** The same file, cut off in the middle. */
const torn = (file: SourceFile, text: string): SourceFile => memoryFile(file.name, text.slice(0, text.length * 0.6));

describe('a file that was cut off', () => {
  it.each([
    ['vLLM bench', torn(vllm, JSON.stringify(vllmDetailed(SEEN, 2)))],
    ['GuideLLM', torn(guide, JSON.stringify(guideFile([guideBenchmark(SEEN, 2)])))],
    ['AIPerf', torn(aiperf, JSON.stringify(aiperfAggregate(SEEN, 2)))],
  ])('of %s is named, with what to do', async (_, file) => {
    await expect(readImports([file], null)).rejects.toThrow(new RegExp(`^${file.name}: .*cut off`));
  });
});

describe('a file of another tool than was said', () => {
  it.each<[ImportKind, string, SourceFile]>([
    ['vllm', 'GuideLLM', guide],
    ['vllm', 'AIPerf', aiperf],
    ['guidellm', 'vLLM bench', vllm],
    ['guidellm', 'AIPerf', aiperf],
    ['aiperf', 'vLLM bench', vllm],
    ['aiperf', 'GuideLLM', guide],
  ])('--from %s refuses one of %s', async (kind, _, file) => {
    await expect(readImports([file], kind)).rejects.toThrow(new RegExp(`^${file.name}: `));
  });
});

describe('a run without a single success', () => {
  const runs: [string, SourceFile[]][] = [
    ['vLLM bench', [jsonFile('vllm.json', { ...vllmDetailed(FAILED, 2), mean_ttft_ms: 0, mean_e2el_ms: 0 })]],
    ['GuideLLM', [jsonFile('benchmarks.json', guideFile([guideBenchmark(FAILED, 2)]))]],
    ['AIPerf', [memoryFile('c2/profile_export.jsonl', aiperfRecords(FAILED))]],
  ];

  it.each(runs)('of %s has errors and no times', async (_, files) => {
    const result = await importOne(files);
    const level = result.levels[0]!;

    expect(level.errorRatio.value).toBe(1);
    expect([level.ttft.p50.value, level.tpot.p50.value, level.latency.mean.value]).toEqual([null, null, null]);
    expect(renderMarkdown(result)).not.toMatch(/NaN|undefined/);
  });
});

describe('files of different models', () => {
  it.each([
    [
      'GuideLLM',
      'benchmarks',
      (model: string): SourceFile => {
        const benchmark = guideBenchmark(SEEN, 2);
        const config = benchmark['config'] as Record<string, object>;
        return jsonFile(
          `${model}.json`,
          guideFile([{ ...benchmark, config: { ...config, backend: { ...config['backend'], model } } }]),
        );
      },
    ],
    [
      'AIPerf',
      'profiles',
      (model: string): SourceFile => {
        const aggregate = aiperfAggregate(SEEN, 2);
        const endpoint = { model_names: [model], type: 'chat' };
        return jsonFile(`${model}/profile_export_aiperf.json`, {
          ...aggregate,
          input_config: { endpoint, loadgen: { concurrency: 2 } },
        });
      },
    ],
  ])('of %s are refused, by name', async (_, __, fileOf) => {
    await expect(readImports([fileOf('small'), fileOf('large')], null)).rejects.toThrow(
      /"large".*"small"|"small".*"large"/,
    );
  });
});

describe('times in another unit', () => {
  it('are read by the unit that stands beside them', async () => {
    const seconds = JSON.stringify(aiperfAggregate(SEEN, 2)).replaceAll(
      /"request_latency":\{"unit":"ms","avg":([\d.]+),"p50":([\d.]+)/g,
      (_, avg: string, p50: string) =>
        `"request_latency":{"unit":"s","avg":${Number(avg) / 1000},"p50":${Number(p50) / 1000}`,
    );
    const [inMs, inSeconds] = await Promise.all([
      importOne([aiperf]),
      importOne([memoryFile('c2/profile_export_aiperf.json', seconds)]),
    ]);

    expect(inSeconds.levels[0]!.latency.p50.value).toBeCloseTo(inMs.levels[0]!.latency.p50.value!, 9);
  });

  it("are seconds in vLLM's lists and in GuideLLM's request_latency, though its TTFT is in milliseconds", async () => {
    const [fromVllm, fromGuide] = await Promise.all([importOne([vllm]), importOne([guide])]);

    expect(fromVllm.levels[0]!.ttft.p50.value).toBeCloseTo(fromGuide.levels[0]!.ttft.p50.value!, 4);
    expect(fromVllm.levels[0]!.latency.p50.value).toBeCloseTo(fromGuide.levels[0]!.latency.p50.value!, 4);
  });
});
