import { describe, expect, it } from '@jest/globals';
import { likeOf, problemsIn, sweepOf } from './like.js';

const BACKEND = '--backend kind=openai_http,target=http://gpu:8000/v1,model=tiny';
const DATA = '--data kind=synthetic_text,prompt_tokens=256,output_tokens=128';
const BASE = `guidellm run ${BACKEND} ${DATA}`;

describe('a command line of GuideLLM', () => {
  it('becomes a level of users and requests', () => {
    const spec = sweepOf(`${BASE} --profile kind=concurrent,streams=16 --constraint kind=max_requests,count=120`);

    expect(spec.target).toMatchObject({ url: 'http://gpu:8000/v1', model: 'tiny', endpoint: 'chat' });
    expect(spec.load).toMatchObject({ levels: [16], measure: { kind: 'requests', requests: 120 } });
    expect(spec.workload).toEqual({
      kind: 'synthetic',
      seed: 42,
      inputTokens: { kind: 'fixed', value: 256 },
      outputTokens: { kind: 'fixed', value: 128 },
      ignoreEos: true,
    });
  });

  it('reads configurations in JSON and lists of streams', () => {
    const spec = sweepOf(`${BASE} --profile '{"kind": "concurrent", "streams": [1, 4, 16]}'`);

    expect(spec.load.levels).toEqual([1, 4, 16]);
    expect(sweepOf(`${BASE} --profile kind=concurrent,streams=[1,4,16]`).load.levels).toEqual([1, 4, 16]);
  });

  it('understands the flags of before 0.8', () => {
    const old = sweepOf(
      `guidellm benchmark --target http://gpu:8000/v1 --model tiny --rate-type concurrent --rate 4,16 --max-seconds 60 --data "prompt_tokens=256,output_tokens=128"`,
    );

    expect(old.load).toMatchObject({ levels: [4, 16], measure: { kind: 'duration', seconds: 60 } });
    expect(old.target).toEqual(sweepOf(`${BASE} --profile kind=concurrent,streams=4`).target);
  });

  it('takes rates for an open loop', () => {
    expect(sweepOf(`${BASE} --profile kind=poisson,rate=2.5`).load).toMatchObject({
      levels: [2.5],
      arrival: 'poisson',
    });
    expect(sweepOf(`${BASE} --profile kind=synchronous`).load.levels).toEqual([1]);
  });

  it('spreads lengths within their limits', () => {
    const data =
      '--data kind=synthetic_text,prompt_tokens=256,prompt_tokens_stdev=20,prompt_tokens_max=300,output_tokens=8';

    expect(sweepOf(`guidellm run ${BACKEND} ${data} --profile kind=synchronous`).workload).toMatchObject({
      inputTokens: { kind: 'normal', mean: 256, stddev: 20, max: 300 },
    });
  });

  it('takes seed, labels, ramp and further body fields', () => {
    const extras = `--backend '{"kind":"openai_http","target":"http://gpu:8000","extras":{"body":{"temperature":0.2,"top_p":0.9}}}'`;
    const spec = sweepOf(
      `guidellm run ${extras} ${DATA} --profile kind=concurrent,streams=4,rampup_duration=3 --seed kind=static,value=7 --label gpu=L4`,
    );

    expect(spec.workload.seed).toBe(7);
    expect(spec.deployment).toEqual({ gpu: 'L4' });
    expect(spec.load.rampSeconds).toBe(3);
    expect(spec.request).toMatchObject({ temperature: 0.2, extraBody: { top_p: 0.9 } });
  });

  it('tells what it passed over', () => {
    const { notes } = likeOf(
      `${BASE} --profile kind=synchronous --tokenizer kind=huggingface_auto,model=x --disable-console`,
    );

    expect(notes.join('\n')).toMatch(/--tokenizer: tokens are counted/);
    expect(notes.join('\n')).toMatch(/--disable-console: every run keeps/);
  });

  it.each([
    ['--profile kind=sweep', /^--profile kind=sweep can't be honoured/],
    ['--profile kind=throughput', /^--profile kind=throughput can't be honoured/],
    ['--profile kind=concurrent', /^--profile streams=… is missing/],
    ['--profile kind=synchronous --scenario chat', /^--scenario can't be honoured/],
    ['--profile kind=synchronous --constraint kind=max_errors,count=3', /^--constraint kind=max_errors can't/],
    ['--profile kind=concurrent,streams=4,burst=1', /^--profile burst=… can't be honoured/],
    ['--profile kind=constant,rate=2,max_concurrency=8', /^--profile max_concurrency=… can't be honoured/],
    ['--profile kind=synchronous --strems 4', /^--strems is not a flag of GuideLLM that is known here/],
  ])('with %s is refused by name', (flags, message) => {
    expect(problemsIn(`${BASE} ${flags}`)).toEqual([expect.stringMatching(message)]);
  });

  it('with a key in it is refused without showing the key', () => {
    const found = problemsIn(`guidellm run ${BACKEND},api_key=sk-secret ${DATA} --profile kind=synchronous`);

    expect(found).toEqual([expect.stringMatching(/api_key=… can't be honoured/)]);
    expect(found.join()).not.toContain('sk-secret');
  });
});
