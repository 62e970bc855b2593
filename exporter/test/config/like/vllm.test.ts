import { describe, expect, it } from '@jest/globals';
import { likeOf, problemsIn, sweepOf } from './like.js';

const BASE = 'vllm bench serve --backend openai-chat --endpoint /v1/chat/completions --model tiny --max-concurrency 16';

describe('a command line of vLLM bench', () => {
  it('becomes a closed-loop level of so many requests', () => {
    const spec = sweepOf(
      `${BASE} --base-url http://gpu:8000 --random-input-len 256 --random-output-len 128 --num-prompts 320`,
    );

    expect(spec.target).toMatchObject({ url: 'http://gpu:8000', model: 'tiny', endpoint: 'chat' });
    expect(spec.load).toMatchObject({ levels: [16], arrival: 'closed', measure: { kind: 'requests', requests: 320 } });
    expect(spec.workload).toEqual({
      kind: 'synthetic',
      seed: 0,
      inputTokens: { kind: 'fixed', value: 256 },
      outputTokens: { kind: 'fixed', value: 128 },
      ignoreEos: true,
    });
  });

  it('has the defaults of vLLM where nothing is given', () => {
    const spec = sweepOf('vllm bench serve --model tiny --max-concurrency 1');

    expect(spec.target).toMatchObject({ url: 'http://127.0.0.1:8000', endpoint: 'completions' });
    expect(spec.load.measure).toEqual({ kind: 'requests', requests: 1000 });
    expect(spec.workload).toMatchObject({ inputTokens: { value: 1024 }, outputTokens: { value: 128 } });
  });

  it('takes = and underscores for the same flag', () => {
    expect(sweepOf('vllm bench serve --model=tiny --max_concurrency=4 --random-input-len=64')).toEqual(
      sweepOf('vllm bench serve --model tiny --max-concurrency 4 --random-input-len 64'),
    );
  });

  it('understands the script of older versions', () => {
    const spec = sweepOf(
      'python3 benchmarks/benchmark_serving.py --endpoint-type openai-chat --endpoint /v1/chat/completions --max-concurrency 2',
    );

    expect(spec.target.endpoint).toBe('chat');
  });

  it('draws lengths from the range that a ratio spans', () => {
    const spec = sweepOf(`${BASE} --random-input-len 100 --random-output-len 50 --random-range-ratio 0.5`);
    const apart = sweepOf(`${BASE} --input-len 100 --random-range-ratio '{"input": 0.25, "output": 0}'`);

    expect(spec.workload).toMatchObject({
      inputTokens: { kind: 'uniform', min: 50, max: 150 },
      outputTokens: { kind: 'uniform', min: 25, max: 75 },
    });
    expect(apart.workload).toMatchObject({
      inputTokens: { kind: 'uniform', min: 75, max: 125 },
      outputTokens: { kind: 'fixed', value: 128 },
    });
  });

  it('takes a request rate for an open loop, bursty by its burstiness', () => {
    const poisson = sweepOf('vllm bench serve --model tiny --request-rate 2.5');
    const gamma = sweepOf('vllm bench serve --model tiny --request-rate 2.5 --burstiness 0.5');

    expect(poisson.load).toMatchObject({ arrival: 'poisson', levels: [2.5] });
    expect(gamma.load).toMatchObject({ arrival: 'gamma', levels: [2.5], burstiness: 0.5 });
  });

  it('puts sampling parameters and the extra body into the request', () => {
    const spec = sweepOf(
      `${BASE} --temperature 0 --top-p 0.9 --extra-body '{"chat_template_kwargs":{"enable_thinking":false}}'`,
    );

    expect(spec.request).toMatchObject({
      temperature: 0,
      extraBody: { top_p: 0.9, chat_template_kwargs: { enable_thinking: false } },
    });
  });

  it('takes headers, metadata and the label', () => {
    const spec = sweepOf(`${BASE} --label night --header X-Team=infra X-Run=1 --metadata gpu=L4 version=0.32`);

    expect(spec.name).toBe('night');
    expect(spec.target.headers).toEqual({ 'X-Team': 'infra', 'X-Run': '1' });
    expect(spec.deployment).toEqual({ gpu: 'L4', version: '0.32' });
  });

  it('reads ShareGPT with the first answer of each conversation', () => {
    const spec = sweepOf(`${BASE} --dataset-name sharegpt --dataset-path talk.json --ignore-eos`);

    expect(spec.workload).toMatchObject({ kind: 'dataset', path: 'talk.json', format: 'sharegpt', maxTurns: 1 });
    expect(spec.request.ignoreEos).toBe(true);
  });

  it('tells in notes what it passed over, and how the measurement differs', () => {
    const { notes } = likeOf(`${BASE} --tokenizer /models/tiny --save-result --percentile-metrics ttft,tpot`);

    expect(notes.join('\n')).toMatch(/--tokenizer: tokens are counted by the usage/);
    expect(notes.join('\n')).toMatch(/--percentile-metrics: every run keeps/);
    expect(notes.join('\n')).toMatch(/warms up first/);
  });

  it.each([
    ['--goodput ttft:500 tpot:50', /^--goodput can't be honoured: an objective needs its percentile/],
    ['--ramp-up-strategy linear', /^--ramp-up-strategy can't be honoured/],
    ['--insecure', /^--insecure can't be honoured: certificates/],
    ['--dataset-name burstgpt', /^--dataset-name burstgpt can't be honoured/],
    ['--random-prefix-len 100', /^--random-prefix-len can't be honoured/],
    ['--request-rate 3', /^--max-concurrency can't be honoured together with --request-rate/],
    ['--max-concurency 3', /^--max-concurency is not a flag.*did you mean --max-concurrency\?/],
    ['--max-concurrency many', /^--max-concurrency must be a whole number from 1, got "many"/],
    ['--num-prompts', /^--num-prompts lacks its value/],
    ["--extra-body '[1]'", /^--extra-body must be a JSON object/],
    ['stray', /^"stray" belongs to no flag/],
  ])('with %s is refused by name', (flag, message) => {
    expect(problemsIn(`${BASE} ${flag}`)).toEqual([expect.stringMatching(message)]);
  });

  it('names every flag that it refuses', () => {
    expect(problemsIn(`${BASE} --profile --lora-modules a b --no-stream`).map((text) => text.split(' ')[0])).toEqual([
      '--profile',
      '--lora-modules',
      '--no-stream',
    ]);
  });

  it('is refused without users or rate, since all prompts at once are no level', () => {
    expect(problemsIn('vllm bench serve --model tiny')).toEqual([
      expect.stringMatching(/--max-concurrency is missing/),
    ]);
  });

  it('of the wrong path for its backend is refused', () => {
    expect(problemsIn('vllm bench serve --backend openai-chat --max-concurrency 1')).toEqual([
      expect.stringMatching(/--endpoint \/v1\/completions can't be honoured/),
    ]);
  });

  it('that is none is refused with the commands that are known', () => {
    expect(problemsIn('wrk -c 4 http://gpu')).toEqual([expect.stringMatching(/"wrk -c 4".*vllm bench serve/)]);
  });
});
