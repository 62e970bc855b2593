import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '../../host/src/datasource/matrix.js';
import { toFrames } from '../../host/src/datasource/to-frames.js';
import { buildSweepModel } from '../../src/data/build-model.js';
import type { SweepRun } from '../../src/data/model.js';

interface Figure {
  value: number | null;
  lower: number | null;
  upper: number | null;
}

interface Result {
  run: { id: string; name: string; startedAt: string };
  windows: {
    id: string;
    load: number;
    startedAt: number;
    measureStartedAt: number;
    measureEndedAt: number;
    endedAt: number;
  }[];
  levels: (Record<'ttft' | 'tpot' | 'latency', Record<'p50' | 'p95', Figure>> & {
    load: number;
    requestsPerSecond: { value: number };
    outputTokensPerSecond: { value: number };
    errorRatio: { value: number };
  })[];
  analysis: {
    levels: { load: number; verdict: string; causes: { cause: string }[] }[];
    boundaries: { lastPass: number | null; firstFail: number | null }[];
  };
}

interface Answered {
  result: Result;
  panels: { title: string; answers: Answer[] }[];
  from: number;
  to: number;
}

let answered: Answered;
beforeAll(() => {
  const script = join(__dirname, '../support/answered-run.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0) throw new Error(stderr);
  answered = JSON.parse(stdout) as Answered;
}, 120_000);

/** The run as the panel of that title reads it from Prometheus' answers to its own queries. */
function runOf(title: string): SweepRun {
  const { answers } = answered.panels.find((panel) => panel.title === title)!;
  const model = buildSweepModel(toFrames(answers), { toMs: answered.to * 1000, stepMs: 5000 });
  expect(model.problems).toEqual([]);
  expect(model.runs).toHaveLength(1);
  return model.runs[0]!;
}

const known = (value: number | null): number => value ?? NaN;

describe.each(['Latency against level', 'Levels'])('what Prometheus answers to the queries of "%s"', (title) => {
  it('gives the figures and intervals of result.json', () => {
    const { levels } = runOf(title);
    expect(levels.map(({ load }) => load)).toEqual(answered.result.levels.map(({ load }) => load));
    answered.result.levels.forEach((told, i) => {
      for (const measure of ['ttft', 'tpot', 'latency'] as const)
        for (const q of ['p50', 'p95'] as const) {
          const { value, lower, upper } = told[measure][q];
          const shown = levels[i]!.quantiles[measure]![q];
          expect(shown).toEqual({ point: known(value), lower: known(lower), upper: known(upper) });
        }
      expect(levels[i]!.figures).toMatchObject({
        requestsPerSecond: told.requestsPerSecond.value,
        outputTokensPerSecond: told.outputTokensPerSecond.value,
        errorRatio: told.errorRatio.value,
      });
    });
  });

  it('gives its verdicts, causes and SLO boundary', () => {
    const { levels, lastPass, firstFail } = runOf(title);
    const { analysis } = answered.result;
    expect(levels.map(({ verdict }) => verdict)).toEqual(analysis.levels.map(({ verdict }) => verdict));
    expect(analysis.levels.map(({ verdict }) => verdict)).toContain('saturated');
    expect(levels.map(({ cause }) => cause)).toEqual(analysis.levels.map(({ causes }) => causes[0]?.cause ?? ''));
    expect({ lastPass, firstFail }).toEqual({
      lastPass: analysis.boundaries[0]!.lastPass,
      firstFail: analysis.boundaries[0]!.firstFail,
    });
  });
});

describe('what Prometheus answers to the queries of "Sweep"', () => {
  it('gives the windows of result.json, to the millisecond', () => {
    const { run, windows } = answered.result;
    const start = Date.parse(run.startedAt);
    const shown = runOf('Sweep').windows;
    expect(shown.map(({ id, load }) => [id, load])).toEqual(windows.map(({ id, load }) => [id, load]));
    windows.forEach((told, i) => {
      const { startMs, measureStartMs, measureEndMs, endMs } = shown[i]!;
      const edges = [told.startedAt, told.measureStartedAt, told.measureEndedAt, told.endedAt];
      [startMs, measureStartMs, measureEndMs, endMs].forEach((at, edge) =>
        expect(Math.abs(at - start - edges[edge]! * 1000)).toBeLessThan(1),
      );
    });
  });

  it('tells its name, and that it is over', () => {
    const { id, name } = answered.result.run;
    expect(runOf('Sweep')).toMatchObject({ id, name, state: 'completed' });
  });
});
