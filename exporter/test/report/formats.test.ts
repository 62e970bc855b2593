import { describe, expect, it } from '@jest/globals';
import { renderCsv } from '../../src/report/csv.js';
import { asMilliseconds, asSeconds, show, showInterval } from '../../src/report/format.js';
import { renderReport } from '../../src/report/render.js';
import type { Figure } from '../../src/report/result-schema.js';
import { sampleRun } from './sample-result.js';

describe('seed JSON', () => {
  it('has exactly the keys of the original reference data, in its order', () => {
    const parsed = JSON.parse(renderReport(sampleRun(), 'seed-json')) as { levels: object[] };
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

  it('has milliseconds with one decimal, and null for what is unknown', () => {
    const run = sampleRun();
    run.levels[0]!.latency.p95.value = null;
    delete run.deployment['mode'];
    const parsed = JSON.parse(renderReport(run, 'seed-json')) as {
      mode: null;
      levels: Record<string, number | null>[];
    };
    expect(parsed.levels[0]).toMatchObject({
      ttft_p50_ms: 57,
      tpot_p95_ms: 106.1,
      latency_p95_ms: null,
      kv_hit_rate_pct: null,
    });
    expect(parsed.mode).toBeNull();
  });
});

describe('CSV', () => {
  it('has a header and one row a level, all of the same width, ended by CRLF', () => {
    const lines = renderCsv(sampleRun()).split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[3]).toBe('');
    const widths = lines.slice(0, 3).map((line) => line.split(',').length);
    expect(new Set(widths).size).toBe(1);
  });

  it('quotes cells with commas, quotes and line breaks', () => {
    const run = sampleRun();
    run.spec.target.model = 'llama "70B", fp8';
    expect(renderCsv(run)).toContain(',"llama ""70B"", fp8",');
  });

  it('leaves unknown values empty', () => {
    const run = sampleRun();
    run.levels[0]!.errorRatio.value = null;
    const [header, row] = renderCsv(run)
      .split('\r\n')
      .map((line) => line.split(','));
    expect(row![header!.indexOf('error_ratio')]).toBe('');
  });
});

describe('other formats', () => {
  it('JSON is the result itself', () => {
    expect(JSON.parse(renderReport(sampleRun(), 'json'))).toEqual(sampleRun());
  });

  it('HTML is refused where the panel was not built, with what to do', () => {
    expect(() => renderReport(sampleRun(), 'html')).toThrow('npm run build');
  });
});

describe('numbers', () => {
  const figure = (changes: Partial<Figure>): Figure => ({
    value: 0.027,
    n: 10,
    lower: 0.026,
    upper: 0.028,
    definition: 'ttft',
    origin: 'measured',
    warning: null,
    ...changes,
  });

  it.each([
    [0.00512, '5.12ms'],
    [0.0443, '44.3ms'],
    [0.174, '174ms'],
    [6.5188, '6519ms'],
  ])('%d s is %s', (seconds, text) => {
    expect(asMilliseconds(seconds)).toBe(text);
  });

  it.each([
    [0.6789, '0.679s'],
    [1.082, '1.08s'],
    [40.62, '40.6s'],
  ])('%d s of latency is %s', (seconds, text) => {
    expect(asSeconds(seconds)).toBe(text);
  });

  it('carry a star when they are not to be relied on', () => {
    expect(show(figure({ warning: 'p95 from n = 10 (< 60)' }), asMilliseconds)).toBe('27.0ms*');
  });

  it('carry their interval, or the one bound that is known', () => {
    expect(showInterval(figure({}), asMilliseconds)).toBe('27.0ms (26.0ms–28.0ms)');
    expect(showInterval(figure({ upper: null }), asMilliseconds)).toBe('27.0ms (≥ 26.0ms)');
    expect(showInterval(figure({ lower: null }), asMilliseconds)).toBe('27.0ms (≤ 28.0ms)');
    expect(showInterval(figure({ lower: null, upper: null }), asMilliseconds)).toBe('27.0ms');
    expect(showInterval(figure({ value: null }), asMilliseconds)).toBe('–');
  });
});
