import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { buildImport } from '../../../src/report/import-result.js';
import { readImports } from '../../../src/report/importers/registry.js';
import type { ImportSource, RunResult } from '../../../src/report/result-schema.js';
import { memoryFile } from '../../support/source-file.js';

/** Files that the tools themselves wrote; see `fixtures/rivals/SOURCES.md`. */
async function imported(...names: string[]): Promise<RunResult> {
  const files = names.map((name) =>
    memoryFile(name, readFileSync(new URL(`../../fixtures/rivals/${name}`, import.meta.url), 'utf8')),
  );
  const runs = await readImports(files, null);
  expect(runs).toHaveLength(1);
  return (await buildImport(runs[0]!, 'run', 1.8e9)).result;
}

const fromVllm = (): Promise<RunResult> => imported('vllm.json');
const fromGuideLlm = (): Promise<RunResult> => imported('guidellm.json');
const fromAiperf = (): Promise<RunResult> =>
  imported('aiperf/profile_export.jsonl', 'aiperf/profile_export_aiperf.json');

const TOOLS: [tool: string, read: () => Promise<RunResult>, figures: string[]][] = [
  [
    'vLLM bench 0.32',
    fromVllm,
    ['mean TTFT', 'median TTFT', 'mean TPOT', 'mean ITL', 'mean E2EL', 'request throughput', 'output throughput'],
  ],
  [
    'GuideLLM 0.8',
    fromGuideLlm,
    ['mean TTFT', 'mean request latency', 'mean inter token latency', 'mean output tokens'],
  ],
  ['AIPerf 0.13', fromAiperf, ['mean TTFT', 'mean inter token latency', 'mean request latency', 'successful requests']],
];

type Check = ImportSource['checks'][number];
const relative = ({ published, recomputed }: Check): number => Math.abs(recomputed! / published - 1);

describe.each(TOOLS)('a file that %s wrote', (_, read, figures) => {
  it('has the level, the model and all requests', async () => {
    const result = await read();

    expect(result.plan.levels).toEqual([2]);
    expect(result.spec.target.model).toBe('Qwen/Qwen2.5-0.5B-Instruct');
    expect(result.source!.detail).toBe('requests');
  });

  it('publishes the figures that follow from its single requests, to rounding', async () => {
    const { checks } = (await read()).source!;

    expect(checks.map(({ figure }) => figure)).toEqual(figures);
    expect(checks.filter((check) => !(relative(check) < 0.001))).toEqual([]);
  });
});

describe('definitions of the tools that differ from ours', () => {
  it('are named beside the figures that were stamped otherwise', async () => {
    const [vllm, guide, aiperf] = await Promise.all([fromVllm(), fromGuideLlm(), fromAiperf()]);

    expect(vllm.levels[0]!.ttft.mean.definition).toBe('vllm_ttft');
    expect(guide.levels[0]!.ttft.mean.definition).toBe('guidellm_ttft');
    expect(aiperf.levels[0]!.itl.mean.definition).toBe('aiperf_chunk_latency');
  });

  it("leave GuideLLM's time per output token aside, which is the latency over all tokens and so contains TTFT", async () => {
    const file = JSON.parse(readFileSync(new URL('../../fixtures/rivals/guidellm.json', import.meta.url), 'utf8')) as {
      benchmarks: { metrics: Record<string, { successful: { mean: number } }> }[];
    };
    const own = (name: string): number => file.benchmarks[0]!.metrics[name]!.successful.mean;
    const tpot = (await fromGuideLlm()).levels[0]!.tpot.mean.value! * 1000;

    expect(own('time_per_output_token_ms')).toBeGreaterThan(own('time_to_first_token_ms') / 8);
    expect(tpot).toBeLessThan(own('time_per_output_token_ms') / 2);
  });

  it("leave AIPerf's throughputs aside, which are over more than its own benchmark duration", async () => {
    const file = JSON.parse(
      readFileSync(new URL('../../fixtures/rivals/aiperf/profile_export_aiperf.json', import.meta.url), 'utf8'),
    ) as Record<string, { avg: number }>;
    const seconds = file['request_count']!.avg / file['request_throughput']!.avg;

    expect(seconds).toBeGreaterThan(1.01 * file['benchmark_duration']!.avg);
    expect(file['output_token_throughput']!.avg * seconds).toBeCloseTo(12 * 8, 6);
    expect((await fromAiperf()).source!.checks.map(({ figure }) => figure)).not.toContain('request throughput');
  });
});
