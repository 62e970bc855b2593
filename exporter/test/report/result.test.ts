import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { analyseRun } from '../../src/analysis/analyse-run.js';
import { summariseLevel } from '../../src/analysis/level.js';
import type { LevelResult } from '../../src/analysis/level-result.js';
import type { RunAnalysis } from '../../src/analysis/run-analysis.js';
import { windowRecord } from '../../src/report/build-result.js';
import { DEFINITIONS } from '../../src/report/definitions.js';
import { levelFigures, levelResult } from '../../src/report/figures.js';
import { parseResult } from '../../src/report/parse-result.js';
import { deriveWarnings } from '../../src/report/warnings.js';
import { renderJson } from '../../src/report/render.js';
import { generateResultSchema, resultSchema } from '../../src/report/result-schema.js';
import { record, spec, UNANSWERED, window } from '../analysis/samples.js';
import { sampleRun } from './sample-result.js';

const SCHEMA = new URL('../../../docs/schema/result.schema.json', import.meta.url);

describe('result.json', () => {
  it('is read back as it was written', () => {
    const run = sampleRun();
    expect(parseResult(renderJson(run), 'result.json')).toEqual(run);
  });

  it('names a definition for every figure', () => {
    const { definitions, levels } = sampleRun();
    const names = JSON.stringify(levels).matchAll(/"definition":"(\w+)"/g);
    for (const [, name] of names) expect(definitions).toHaveProperty(name!);
    expect(Object.values(DEFINITIONS).every(({ text }) => text.endsWith('.'))).toBe(true);
  });

  it('gives back the level it was made of', () => {
    const level = summariseLevel(
      spec(),
      0,
      [window()],
      [record(12), record(14, { ...UNANSWERED, outcome: 'connect' })],
    );
    const restored = levelResult(levelFigures(level));
    expect(restored).toMatchObject({ errors: { connect: 1 }, windows: ['r1-l1'], valid: true });
    expect(restored.ttft.p50.value).toBeCloseTo(level.ttft.p50.value, 8);
    expect(restored.ttft.p95).toMatchObject({ n: 1, warning: 'p95 from n = 1 (< 60)', upper: NaN });
    expect(restored.ttft.mean.lower).toBeNaN();
    expect(restored.slo[0]!.share.value).toBeCloseTo(0.5, 12);
    expect(Object.keys(restored).sort()).toEqual(Object.keys(level).sort());
  });

  it('writes unknown figures as null, and an empty level passes the schema', () => {
    const empty = levelFigures(summariseLevel(spec(), 0, [window()], []));
    expect(empty.ttft.p50.value).toBeNull();
    expect(empty.errorRatio).toMatchObject({ value: null, n: 0 });
    expect(resultSchema.shape.levels.element.safeParse(JSON.parse(JSON.stringify(empty))).success).toBe(true);
  });

  it('gives back the windows it was made of', () => {
    const unknown = sampleRun().windows[2]!;
    expect(unknown.throttledRatio).toBeNull();
    expect(windowRecord(unknown).throttledRatio).toBeNaN();
  });

  it('lists what was excluded, with the reason', () => {
    expect(sampleRun().excluded).toEqual([
      { window: 'r2-l1', repetition: 2, load: 1, reason: '100.0 % of its requests failed, the limit is 5.0 %' },
    ]);
  });

  it('holds no secrets', () => {
    const secretive = spec();
    secretive.target.url = 'https://me:hunter2@llm.example/v1?key=hunter2';
    secretive.target.headers = { Authorization: 'Bearer hunter2' };
    secretive.deployment = { api_key: 'hunter2', gpu: 'L4' };
    const run = sampleRun({ spec: secretive });
    expect(renderJson(run)).not.toContain('hunter2');
    expect(run.spec.target.url).toBe('https://llm.example/v1');
  });
});

describe('warnings', () => {
  const warningsOf = (outcome: 'timeout_total' | 'http_5xx', share: number): string[] => {
    const records = Array.from({ length: 10 }, (_, index) =>
      record(10 + index * 0.9, index < share * 10 ? { ...UNANSWERED, outcome } : {}),
    );
    const level = summariseLevel(spec(), 0, [window()], records);
    return sampleRunWith(level);
  };
  const sampleRunWith = (level: ReturnType<typeof summariseLevel>): string[] =>
    deriveWarnings(spec(), [level], [window()], analysisOf([level]));
  const analysisOf = (levels: LevelResult[]): RunAnalysis =>
    analyseRun({ levels, slo: spec().slo, arrival: 'closed', totalTimeoutSeconds: 120, advertisedSlots: null });

  it('tell of survivors when many requests fail', () => {
    expect(warningsOf('http_5xx', 0.3)).toContain(
      'At 1 user 30.0 % of the requests failed: latencies and TPOT there are those of the survivors and must not be compared with other levels.',
    );
  });

  it('tell of censoring', () => {
    expect(warningsOf('timeout_total', 0.1).join(' ')).toContain('time-out of 120 s cuts off requests at 1 user');
  });

  it('are none for a clean level', () => {
    const many = Array.from({ length: 100 }, (_, index) => record(10 + index * 0.09));
    expect(sampleRunWith(summariseLevel(spec(), 0, [window()], many)).filter((text) => !/Little/.test(text))).toEqual(
      [],
    );
  });

  it('tell when tokens are counted chunks, and when chunks hold several tokens', () => {
    const counted = summariseLevel(spec(), 0, [window()], [record(12, { tokensSource: 'chunks' })]);
    expect(sampleRunWith(counted).join(' ')).toContain('The server told no token usage at level 1');
    const grouped = summariseLevel(spec(), 0, [window()], [record(12, { tokenChunks: 3 })]);
    expect(sampleRunWith(grouped).join(' ')).toContain('up to 3.00 on average');
  });

  it('tell of shared prefixes in an unsalted workload', () => {
    const unsalted = spec();
    unsalted.workload = {
      kind: 'dataset',
      seed: 1,
      salt: 'none',
      path: 'chats.json',
      format: 'sharegpt',
      outputTokens: null,
      maxTurns: 5,
    };
    expect(deriveWarnings(unsalted, [], [], analysisOf([]))[0]).toContain('unsalted');
  });
});

describe('a result.json that cannot be used', () => {
  const whole = renderJson(sampleRun());

  it.each([
    ['cut off', whole.slice(0, whole.length / 2), 'runs/x/result.json: is not whole JSON; it may have been cut off'],
    ['empty', '', 'runs/x/result.json: is empty'],
    [
      'of a newer version',
      '{"schemaVersion": 2}',
      'has schemaVersion 2, this version reads 1; it was written by a newer',
    ],
    ['something else', '[]', 'has no schemaVersion, this version reads 1; it is not a result'],
    ['null', 'null', 'has no schemaVersion'],
    ['damaged', whole.replace('"completed"', '"finished"'), 'runs/x/result.json: run.state: '],
  ])('because it is %s is refused with the reason', (_, text, message) => {
    expect(() => parseResult(text, 'runs/x/result.json')).toThrow(message);
  });
});

describe('the JSON Schema', () => {
  it('is published as generated (npm run generate)', () => {
    expect(readFileSync(SCHEMA, 'utf8')).toBe(generateResultSchema());
  });

  it('allows fields that later versions may add', () => {
    expect(generateResultSchema()).not.toContain('"additionalProperties": false');
  });
});
