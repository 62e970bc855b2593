import { describe, expect, it } from '@jest/globals';
import { likeOf, problemsIn, sweepOf } from './like.js';

const BASE = 'aiperf profile --model tiny --url gpu:8000 --endpoint-type chat --streaming --isl 256 --osl 128';

describe('a command line of AIPerf', () => {
  it('becomes a level of users and requests', () => {
    const spec = sweepOf(`${BASE} --concurrency 16 --request-count 120 --extra-inputs ignore_eos:true --random-seed 7`);

    expect(spec.target).toMatchObject({ url: 'http://gpu:8000', model: 'tiny', endpoint: 'chat' });
    expect(spec.load).toMatchObject({ levels: [16], measure: { kind: 'requests', requests: 120 } });
    expect(spec.workload).toEqual({
      kind: 'synthetic',
      seed: 7,
      inputTokens: { kind: 'fixed', value: 256 },
      outputTokens: { kind: 'fixed', value: 128 },
      ignoreEos: true,
    });
  });

  it('sweeps the concurrencies of a list', () => {
    expect(sweepOf(`${BASE} --concurrency 1,4,16`).load.levels).toEqual([1, 4, 16]);
  });

  it('takes every name of a flag', () => {
    const long = `aiperf profile -m tiny -u gpu:8000 --streaming --synthetic-input-tokens-mean 256 --output-tokens-mean 128`;

    expect(sweepOf(`${long} --concurrency 2`)).toEqual(sweepOf(`${BASE} --concurrency 2`));
  });

  it('spreads lengths normally', () => {
    expect(sweepOf(`${BASE} --concurrency 2 --isl-stddev 10`).workload).toMatchObject({
      inputTokens: { kind: 'normal', mean: 256, stddev: 10 },
    });
  });

  it('takes ramp, warm-up, duration, repetitions and the reset of the cache', () => {
    const { load } = sweepOf(
      `${BASE} --concurrency 8 --concurrency-ramp-duration 5 --warmup-duration 20 --benchmark-duration 60 --num-profile-runs 3 --reset-kv-cache`,
    );

    expect(load).toMatchObject({
      rampSeconds: 5,
      warmupSeconds: 20,
      measure: { kind: 'duration', seconds: 60 },
      repetitions: 3,
      resetCache: { path: '/reset_prefix_cache' },
    });
  });

  it('takes rates with their arrival pattern', () => {
    expect(sweepOf(`${BASE} --request-rate 5 --arrival-pattern constant`).load).toMatchObject({
      levels: [5],
      arrival: 'constant',
    });
    expect(sweepOf(`${BASE} --request-rate 5 --arrival-pattern gamma --arrival-smoothness 0.5`).load).toMatchObject({
      arrival: 'gamma',
      burstiness: 0.5,
    });
  });

  it('puts extra inputs into the body, as JSON where they are', () => {
    const { request } = sweepOf(`${BASE} --concurrency 2 --extra-inputs temperature:0.5 top_k:5 stop:END`);

    expect(request).toMatchObject({ temperature: 0.5, extraBody: { top_k: 5, stop: 'END' } });
  });

  it('tells when it asks for less than Sweepscope measures', () => {
    const { notes } = likeOf('aiperf profile --model tiny --osl 10 --concurrency 1');

    expect(notes.join('\n')).toMatch(/--streaming is not given/);
    expect(notes.join('\n')).toMatch(/ignore_eos is not asked for/);
  });

  it.each([
    ['--api-key sk-1', /^--api-key can't be honoured: a key does not belong into a command/],
    ['--prefill-concurrency 2', /^--prefill-concurrency can't be honoured/],
    ['--request-rate 3', /^--concurrency can't be honoured together with --request-rate/],
    ['--session-turns-mean 3', /^--conversation-turn-mean can't be honoured/],
    ['--url other:1', /^--url names 2 servers/],
    ['--endpoint-type embeddings', /^--endpoint-type embeddings can't be honoured/],
    ['--request-count 500 --num-prompts 100', /^--num-dataset-entries 100 can't be honoured/],
    ['--image-width-mean 10', /^--image-width-mean is not a flag of aiperf profile that is known here/],
  ])('with %s is refused by name', (flag, message) => {
    expect(problemsIn(`${BASE} --concurrency 4 ${flag}`)).toEqual([expect.stringMatching(message)]);
  });

  it('is refused without a length of the answers', () => {
    expect(problemsIn('aiperf profile --model tiny --concurrency 4')).toEqual([
      expect.stringMatching(/--osl.*missing/),
    ]);
  });
});
