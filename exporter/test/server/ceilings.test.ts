import { describe, expect, it } from '@jest/globals';
import type { LoadSpec, RequestSpec, SweepSpec, WorkloadSpec } from '../../src/config/spec.js';
import { ceilingProblems } from '../../src/server/ceilings.js';

const CEILINGS = { maxUsers: 100, maxDurationSeconds: 3600, maxTokensPerRequest: 4096 };

const SYNTHETIC: WorkloadSpec = {
  kind: 'synthetic',
  seed: 42,
  inputTokens: { kind: 'fixed', value: 256 },
  outputTokens: { kind: 'fixed', value: 128 },
  ignoreEos: true,
};

function spec(change: {
  load?: Partial<LoadSpec>;
  request?: Partial<RequestSpec>;
  workload?: WorkloadSpec;
}): SweepSpec {
  const load = { levels: [1, 100], search: null, arrival: 'closed', maxInFlight: 5000, ...change.load };
  const request = { maxTokens: null, extraBody: {}, ...change.request };
  return { load, request, workload: change.workload ?? SYNTHETIC } as unknown as SweepSpec;
}

const pathsOf = (given: SweepSpec, seconds = 60): string[] =>
  ceilingProblems(given, seconds, CEILINGS).map(({ path }) => path);

describe('ceilings', () => {
  it('let through what reaches but does not exceed them', () => {
    expect(pathsOf(spec({ request: { maxTokens: 4096 } }), 3600)).toEqual([]);
  });

  it('bind the users of the largest level', () => {
    expect(pathsOf(spec({ load: { levels: [101, 1] } }))).toEqual(['load.levels']);
  });

  it('bind the requests under way in open loop, where levels are rates', () => {
    expect(pathsOf(spec({ load: { arrival: 'poisson', levels: [500], maxInFlight: 101 } }))).toEqual([
      'load.maxInFlight',
    ]);
    expect(pathsOf(spec({ load: { arrival: 'poisson', levels: [500], maxInFlight: 100 } }))).toEqual([]);
  });

  it.each([[3601], [Infinity], [NaN]])('bind a plan of %d seconds', (seconds) => {
    expect(pathsOf(spec({}), seconds)).toEqual(['load']);
  });

  it('bind the largest answer that a distribution can draw', () => {
    const wide = { kind: 'uniform', min: 1, max: 5000 } as const;
    expect(pathsOf(spec({ workload: { ...SYNTHETIC, outputTokens: wide } }))).toEqual(['workload.outputTokens']);
  });

  it('bind the model that writes follow-ups', () => {
    const followUp = { kind: 'model', maxTokens: 5000 };
    const workload = { kind: 'conversation', outputTokens: 100, followUp } as unknown as WorkloadSpec;
    expect(pathsOf(spec({ workload }))).toEqual(['workload.followUp.maxTokens']);
  });

  it('refuse answers without any limit', () => {
    const dataset = { kind: 'dataset', outputTokens: null } as unknown as WorkloadSpec;
    expect(pathsOf(spec({ workload: dataset }))).toEqual(['request.maxTokens']);
  });

  it.each([['max_tokens'], ['max_completion_tokens'], ['min_tokens'], ['n'], ['best_of']])(
    'cannot be passed by extraBody.%s',
    (key) => {
      expect(pathsOf(spec({ request: { extraBody: { [key]: 9999 } } }))).toEqual([`request.extraBody.${key}`]);
    },
  );
});
