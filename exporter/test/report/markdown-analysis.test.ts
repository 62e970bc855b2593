import { describe, expect, it } from '@jest/globals';
import type { SweepSpec } from '../../src/config/spec.js';
import { buildResult } from '../../src/report/build-result.js';
import { renderMarkdown } from '../../src/report/markdown.js';
import { renderCsv } from '../../src/report/csv.js';
import { parseResult } from '../../src/report/parse-result.js';
import { renderJson } from '../../src/report/render.js';
import type { RunResult } from '../../src/report/result-schema.js';
import { spec } from '../analysis/samples.js';
import { seedResults } from '../support/seed-levels.js';
import { facts, sampleRun, STARTED } from './sample-result.js';

const COUNTED = 10_000;
const OBJECTIVES: SweepSpec['slo'] = {
  latency: [
    { name: 'ttft_p95', metric: 'ttft', quantile: 0.95, seconds: 0.6 },
    { name: 'tpot_p95', metric: 'tpot', quantile: 0.95, seconds: 0.06 },
  ],
  errorRatio: null,
};

/** A published sweep as if it had been counted over 10,000 requests a level. */
function published(name: string): RunResult {
  const levels = seedResults(name).map((level) => ({
    ...level,
    completed: COUNTED,
    ok: Math.round(COUNTED * (1 - level.errorRatio)),
  }));
  const swept = spec({ slo: OBJECTIVES });
  return buildResult(facts({ levels: levels.map(({ load }) => load) }), swept, [], levels, STARTED + 1);
}

/** The lines under a heading, up to the next one. */
function section(markdown: string, heading: string): string {
  return markdown.split(`\n### ${heading}\n\n`)[1]!.split('\n\n#')[0]!;
}

describe('the analysis in the report', () => {
  const eagle = renderMarkdown(published('001-eagle3'));
  const plain = renderMarkdown(published('000-vllm-70b'));

  it('has the saturation table of the report written by hand, where errors are sustained only from 110 on', () => {
    expect(section(eagle, 'Saturation Point').split('\n').slice(2)).toEqual([
      '| First errors | 90 (16.3%) |',
      '| Sustained ≥ 5.0% errors | 110 (17.3%) |',
      '| TTFT p50 > 1 s | 70 (6519ms) |',
      '| TPOT p50 plateau | 67.8ms (from 100) |',
      '| Throughput no longer follows | 60 (gains -0.79 per user added) |',
      '| First saturated level | 70 |',
    ]);
  });

  it('draws the degradation curve with the verdicts below', () => {
    expect(section(plain, 'Degradation Curve').split('\n')).toEqual([
      '```',
      'Load:      50      60      70         80         90         100        110        120',
      'TTFT p95:  210ms   221ms   249ms      268ms      5815ms     3021ms     4967ms     2227ms',
      'TPOT p95:  46.0ms  49.0ms  57.0ms     61.0ms     83.0ms     86.0ms     95.0ms     95.0ms',
      '           clean   clean   degrading  degrading  degrading  degrading  saturated  degrading',
      '```',
    ]);
  });

  it('tells the boundary and the knee with their intervals', () => {
    expect(section(plain, 'SLO Boundary')).toContain('| all | 70 | 80 | 77.6 | 70 to 80 |');
    expect(section(eagle, 'Knee and Slot Limit')).toMatch(
      /Knee of TTFT p50 \(flat, then a line\):\*\* 63 \(.*base 247ms, then 904ms more per user/,
    );
  });

  it('begins with the summary and lists its findings by importance', () => {
    expect(plain).toContain('\n## Analysis\n\n**The SLO holds up to 70 users and is missed from 80 users on');
    expect(section(plain, 'Key Findings')).toMatch(/^1\. The SLO holds .*\n2\. First saturated at 110 users: /);
  });

  it('prints nothing that is not known as a word of the machine', () => {
    const analyses = [eagle, plain].map((text) => text.split('\n## Analysis\n')[1]!.split('\n## ')[0]!);
    for (const text of analyses) expect(text).not.toMatch(/NaN|undefined|\[object/);
  });

  it('is left out of results of versions that did not conclude', () => {
    const { analysis, ...older } = sampleRun();
    expect(analysis).toBeDefined();
    const text = renderMarkdown(parseResult(JSON.stringify(older), 'result.json'));
    expect(text).not.toContain('## Analysis');
    expect(text).not.toContain('Verdict |');
  });

  it('survives being written and read', () => {
    const run = published('001-eagle3');
    expect(JSON.parse(renderJson(run))).toMatchObject({
      analysis: { firstSaturated: 70, knee: { load: expect.closeTo(63.0, 1) } },
    });
  });
});

describe('excluded repetitions', () => {
  it('are shown with both results, with and without them', () => {
    const text = renderMarkdown(sampleRun());
    const rows = text
      .split('With and without them:')[1]!
      .split('\n')
      .filter((line) => line.startsWith('| 1 |'));
    expect(rows.map((row) => row.split(' | ').slice(1, 4))).toEqual([
      ['without', '11', '0.0%'],
      ['**with**', '14', '14.3%'],
    ]);
  });
});

describe('the verdict', () => {
  it('is a column of the CSV', () => {
    const [header, first, second] = renderCsv(sampleRun())
      .split('\r\n')
      .map((line) => line.split(','));
    const at = (name: string): number => header!.indexOf(name);
    expect([first![at('verdict')], second![at('verdict')]]).toEqual(['clean', 'invalid']);
    expect(second![at('verdict_codes')]).toBe('little in_flight');
    expect(Number(first![at('goodput_per_second')])).toBeCloseTo(1.1, 9);
  });
});
