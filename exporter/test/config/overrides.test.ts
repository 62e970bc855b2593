import { describe, expect, it } from '@jest/globals';
import { setOverride, splitPath } from '../../src/config/overrides.js';
import type { SpecOverride } from '../../src/config/overrides.js';
import { environmentName, knownPaths } from '../../src/config/spec-paths.js';
import { complaints, problemsOf, specOf, yaml } from './example-spec.js';

function set(...args: string[]): SpecOverride[] {
  return args.map((argument) => {
    const override = setOverride(argument);
    if ('message' in override) throw new Error(override.message);
    return override;
  });
}

describe('--set', () => {
  it('puts a list in place', () => {
    expect(specOf(yaml(), { overrides: set('load.levels=1,2,4') }).load.levels).toEqual([1, 2, 4]);
  });

  it('reads durations, numbers, flags, maps and text', () => {
    const overrides = set(
      'load.prime=5m',
      'load.snapshots=7',
      'request.ignoreEos=true',
      'slo.ttft={p95: 600ms}',
      'workload.prompt=Why: is "it" so?',
    );
    const spec = specOf(yaml(), { overrides });
    expect([spec.load.primeSeconds, spec.load.snapshots, spec.request.ignoreEos]).toEqual([300, 7, true]);
    expect(spec.slo.latency[0]?.seconds).toBe(0.6);
    expect(spec.workload).toHaveProperty('prompt', 'Why: is "it" so?');
  });

  it('keeps text that looks like a number where only text can stand', () => {
    expect(specOf(yaml(), { overrides: set('target.model=1.10') }).target.model).toBe('1.10');
  });

  it('takes a value away with null', () => {
    expect(specOf(yaml({ target: 'model: x' }), { overrides: set('target.model=null') }).target.model).toBeNull();
  });

  it('reaches a percentile with a dot, and an item of a list', () => {
    const spec = specOf(yaml(), { overrides: set('slo.ttft.p99.9=1s', 'load.levels[1]=9') });
    expect(spec.slo.latency[0]?.name).toBe('ttft_p99.9');
    expect(spec.load.levels).toEqual([1, 9]);
  });

  it('replaces a scalar by a map', () => {
    const overrides = set('workload.inputTokens.uniform=[10, 20]');
    const spec = specOf(yaml({ workload: 'kind: synthetic, inputTokens: 5, outputTokens: 5' }), { overrides });
    expect(spec.workload).toHaveProperty('inputTokens', { kind: 'uniform', min: 10, max: 20 });
  });

  it('names itself as the source of a problem', () => {
    const [problem] = problemsOf(yaml(), { overrides: set('load.levels=1,x'), sourceName: 's.yaml' });
    expect(problem).toMatchObject({ path: 'load.levels[1]', source: '--set', line: null });
  });

  it('suggests the key that was meant', () => {
    expect(problemsOf(yaml(), { overrides: set('load.levls=1') })[0]?.hint).toBe('did you mean levels?');
  });

  it('refuses an argument without a value', () => {
    expect(setOverride('load.levels')).toMatchObject({ source: '--set', message: 'has no value: "load.levels"' });
  });

  it.each(['__proto__.x', 'a.constructor', '', 'a..b', 'a b', '.a'])('refuses the path %p', (path) => {
    expect(splitPath(path)).toBeNull();
  });

  it('refuses an item beyond the end of a list', () => {
    expect(complaints(yaml(), { overrides: set('load.levels[9]=1') })).toEqual([
      'load.levels[9]: has no item [9]: the list has 2',
    ]);
  });

  it('tells of a value that is not valid YAML', () => {
    expect(problemsOf(yaml(), { overrides: set('slo.ttft={p95: ') })[0]).toMatchObject({
      path: 'slo.ttft',
      source: '--set',
    });
  });
});

describe('SWEEPSCOPE_ variables', () => {
  const set1 = (env: Record<string, string>) => specOf(yaml(), { env });

  it('set a part of the spec', () => {
    expect(set1({ SWEEPSCOPE_TARGET_URL: 'http://gpu:9' }).target.url).toBe('http://gpu:9');
    expect(set1({ SWEEPSCOPE_LOAD_LEVELS: '1..8*2' }).load.levels).toEqual([1, 2, 4, 8]);
    expect(set1({ SWEEPSCOPE_LOAD_MAX_IN_FLIGHT: '9' }).load.maxInFlight).toBe(9);
    expect(set1({ SWEEPSCOPE_ALERT_UP_TO: '9' }).alertUpTo).toBe(9);
  });

  it('reach percentiles and free pairs', () => {
    const spec = set1({ SWEEPSCOPE_SLO_TTFT_P99_9: '1s', SWEEPSCOPE_DEPLOYMENT_KV_DTYPE: 'fp8' });
    expect(spec.slo.latency[0]).toMatchObject({ name: 'ttft_p99.9', seconds: 1 });
    expect(spec.deployment).toEqual({ kvDtype: 'fp8' });
  });

  it('count as not set when empty', () => {
    expect(set1({ SWEEPSCOPE_TARGET_URL: '' }).target.url).toBe('http://127.0.0.1:8000');
  });

  it('of others are left alone', () => {
    expect(set1({ SWEEPSCOPE_TOKEN: 'x', LOAD_LEVELS: '9', SWEEPSCOPE_LISTEN: 'y' }).load.levels).toEqual([1, 2]);
  });

  it('with a mistyped name are problems that do not show the value', () => {
    const [problem] = problemsOf(yaml(), { env: { SWEEPSCOPE_LOAD_LEVEL: 'hunter2' } });
    expect(problem).toMatchObject({
      source: 'environment variable SWEEPSCOPE_LOAD_LEVEL',
      hint: 'did you mean SWEEPSCOPE_LOAD_LEVELS?',
    });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });

  it('may hold the key that the spec names', () => {
    const target = 'apiKeyEnv: SWEEPSCOPE_TARGET_KEY, headers: {X-Api-Key: "${SWEEPSCOPE_TARGET_OTHER}"}';
    const env = { SWEEPSCOPE_TARGET_KEY: 'a', SWEEPSCOPE_TARGET_OTHER: 'b' };
    expect(specOf(yaml({ target }), { env }).target.apiKeyEnv).toBe('SWEEPSCOPE_TARGET_KEY');
  });

  it('are each of one path only', () => {
    const names = knownPaths().map(environmentName);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('precedence', () => {
  const text = yaml({ load: 'levels: [1]' });
  const env = { SWEEPSCOPE_LOAD_LEVELS: '2' };

  it('is file, environment, --set, flag', () => {
    expect(specOf(text).load.levels).toEqual([1]);
    expect(specOf(text, { env }).load.levels).toEqual([2]);
    const flag = { path: 'load.levels', value: [4], origin: '--levels' };
    expect(specOf(text, { env, overrides: set('load.levels=3') }).load.levels).toEqual([3]);
    expect(specOf(text, { env, overrides: [...set('load.levels=3'), flag] }).load.levels).toEqual([4]);
  });

  it('lets a whole section stand in an override without a file', () => {
    const overrides = set('target.url=http://x', 'load.levels=1', 'workload={kind: prompt, prompt: hi}');
    expect(specOf('', { overrides }).workload.kind).toBe('prompt');
  });
});
