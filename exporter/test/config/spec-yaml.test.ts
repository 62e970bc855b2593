import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { specToYaml } from '../../src/config/spec-yaml.js';
import { specOf, yaml } from './example-spec.js';

const word = fc.stringMatching(/^[A-Za-z: #'"{}\-0-9.]{1,12}$/).filter((text) => text.trim() !== '');
const seconds = fc.double({ min: 1e-6, max: 1e5, noNaN: true }).map((value) => `${value}s`.replace('e+', 'e'));
const ratio = fc.double({ min: 0, max: 0.999, noNaN: true });
const count = fc.integer({ min: 1, max: 5000 });
const orNull = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values);

const tokens = fc.oneof(
  count,
  fc.record({ uniform: fc.tuple(count, count).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]) }),
  fc.record({ normal: fc.record({ mean: count, stddev: count }) }),
  fc.record({ lognormal: fc.record({ median: count, sigma: fc.double({ min: 0.01, max: 2, noNaN: true }) }) }),
);
const followUp = fc.oneof(
  fc.constantFrom('fixed', 'template'),
  fc.record({ fixed: word }),
  fc.record({ template: fc.array(word, { minLength: 1 }) }),
  fc.record({ model: fc.record({ url: fc.webUrl({ validSchemes: ['https'] }), model: word, timeout: seconds }) }),
);
const workload = fc.oneof(
  fc.record({ kind: fc.constant('synthetic'), inputTokens: tokens, outputTokens: tokens, ignoreEos: fc.boolean() }),
  fc.record({ kind: fc.constant('prompt'), prompt: word, seed: count }),
  fc.record({ kind: fc.constant('dataset'), path: word, outputTokens: orNull(count) }),
  fc.record({
    kind: fc.constant('conversation'),
    salt: fc.constantFrom('conversation', 'none'),
    followUp,
    thinkTime: fc.oneof(seconds, fc.record({ normal: fc.record({ mean: seconds, stddev: seconds }) })),
  }),
);
const measure = fc.oneof(
  fc.record({ requests: count }),
  fc.record({ duration: fc.constant('7s'), minSamples: count, maxDuration: fc.constantFrom('7s', '1m') }),
);
const objectives = fc.dictionary(fc.constantFrom('p50', 'p95', 'p99.9', 'p0.1', 'p7'), seconds);
const written = fc.record({
  name: word,
  target: fc.record({
    url: fc.constantFrom('http://a:1/v1', 'https://b'),
    model: orNull(word),
    headers: fc.constantFrom({}, { 'X-A': 'b', Authorization: 'Bearer ${K}' }),
    timeouts: fc.record({ idle: seconds }),
  }),
  request: fc.record({ extraBody: fc.dictionary(fc.stringMatching(/^x[a-z]{1,5}$/), fc.jsonValue()) }),
  load: fc.record({
    levels: fc.uniqueArray(count, { minLength: 1, maxLength: 9 }),
    ramp: orNull(seconds),
    prime: seconds,
    measure,
    excludeErrorRate: orNull(ratio),
    stopAfter: orNull(
      fc.oneof(
        fc.record({ errorRate: ratio, for: seconds }),
        fc.record({ saturatedLevels: count }),
        fc.record({ errorRate: ratio, for: seconds, saturatedLevels: count }),
      ),
    ),
    order: fc.constantFrom('ascending', 'shuffled', 'mirrored'),
  }),
  workload,
  slo: fc.record({ ttft: objectives, latency: objectives, errors: orNull(ratio) }),
  deployment: fc.dictionary(fc.stringMatching(/^x[a-z]{1,5}$/), fc.oneof(word, count, fc.boolean())),
  output: fc.record({ keepBytes: fc.integer({ min: 1, max: 1e12 }) }),
});

describe('a spec written as YAML', () => {
  it('reads back as the same spec', () => {
    fc.assert(
      fc.property(written, (input) => {
        const spec = specOf(JSON.stringify(input));
        expect(specOf(specToYaml(spec))).toEqual(spec);
      }),
      { numRuns: 300 },
    );
  });

  it('names keys and never holds them', () => {
    const target = 'apiKeyEnv: MY_KEY, headers: {X-Api-Key: "${OTHER}"}';
    const text = specToYaml(specOf(yaml({ target }), { env: { MY_KEY: 'hunter2', OTHER: 'hunter3' } }));
    expect(text).toContain('apiKeyEnv: MY_KEY');
    expect(text).toContain('X-Api-Key: ${OTHER}');
    expect(text).not.toMatch(/hunter/);
  });
});
