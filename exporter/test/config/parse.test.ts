import { specToYaml } from '../../src/config/spec-yaml.js';
import { describe, expect, it } from '@jest/globals';
import { complaints, problemsOf, specOf, yaml } from './example-spec.js';

describe('a minimal spec', () => {
  it('gets every default', () => {
    expect(specOf(yaml())).toEqual({
      name: 'sweep',
      target: {
        url: 'http://127.0.0.1:8000',
        model: null,
        endpoint: 'chat',
        apiKeyEnv: null,
        headers: {},
        tls: {},
        timeouts: { firstTokenSeconds: 120, idleSeconds: 60, totalSeconds: 120 },
      },
      request: { maxTokens: null, temperature: null, ignoreEos: null, extraBody: {}, stream: true },
      load: {
        levels: [1, 2],
        search: null,
        burstiness: 1,
        arrival: 'closed',
        targetRate: null,
        rampSeconds: null,
        primeSeconds: 10,
        warmupSeconds: 30,
        measure: { kind: 'duration', seconds: 60, minSamples: 60, maxSeconds: 180 },
        snapshots: 3,
        cooldownSeconds: 0,
        repetitions: 1,
        order: 'ascending',
        excludeErrorRate: null,
        stopAfter: null,
        maxInFlight: 1000,
        resetCache: null,
      },

      workload: { kind: 'prompt', seed: 42, prompt: 'hello', outputTokens: 256 },
      slo: { latency: [], errorRatio: null },
      telemetry: 'auto',
      deployment: {},
      alertUpTo: null,
      grafana: null,
      output: { dir: 'runs', keepRuns: 50, keepBytes: 1e10, storeText: false },
    });
  });

  it('is named after its file', () => {
    expect(specOf(yaml(), { sourceName: '/home/me/burst-2.yaml' }).name).toBe('burst-2');
  });

  it('may be JSON, which is YAML too', () => {
    const json = { target: { url: 'http://x' }, load: { levels: '1..4*2' }, workload: { kind: 'prompt', prompt: 'a' } };
    expect(specOf(JSON.stringify(json)).load.levels).toEqual([1, 2, 4]);
  });

  it('may leave optional sections empty', () => {
    expect(specOf(yaml({ extra: 'slo:\nrequest:\noutput:\ndeployment:' })).slo.latency).toEqual([]);
  });
});

describe('a full spec', () => {
  it('states objectives in the order of metrics and percentiles', () => {
    const slo = 'slo: { latency: {p95: 1.5s}, ttft: {p99.9: 2s, p95: 600ms}, tpot: {p50: 60ms}, errors: 1% }';
    expect(specOf(yaml({ extra: slo })).slo).toEqual({
      latency: [
        { name: 'ttft_p95', metric: 'ttft', quantile: 0.95, seconds: 0.6 },
        { name: 'ttft_p99.9', metric: 'ttft', quantile: 0.999, seconds: 2 },
        { name: 'tpot_p50', metric: 'tpot', quantile: 0.5, seconds: 0.06 },
        { name: 'latency_p95', metric: 'latency', quantile: 0.95, seconds: 1.5 },
      ],
      errorRatio: 0.01,
    });
  });

  it('measures by number of requests', () => {
    const { measure } = specOf(yaml({ load: 'levels: [1], measure: {requests: 300}' })).load;
    expect(measure).toEqual({ kind: 'requests', requests: 300 });
  });

  it('stops after too many errors', () => {
    const { load } = specOf(
      yaml({ load: 'levels: [1], excludeErrorRate: 5%, stopAfter: {errorRate: 0.5, for: 1m30s}' }),
    );
    expect([load.excludeErrorRate, load.stopAfter]).toEqual([
      0.05,
      { errorRate: 0.5, forSeconds: 90, saturatedLevels: null },
    ]);
  });

  it('takes fractions of requests per second in open loop', () => {
    expect(specOf(yaml({ load: 'levels: [0.5, 2], arrival: poisson' })).load.levels).toEqual([0.5, 2]);
  });

  it('keeps TLS files, headers with references, and free deployment pairs', () => {
    const target = 'tls: {ca: ca.pem, cert: c.pem, key: k.pem}, headers: {Authorization: "Bearer ${KEY}", X-Team: a}';
    const spec = specOf(yaml({ target, extra: 'deployment: {gpus: 2, mode: kv, maxNumSeqs: 64, chunked: true}' }));
    expect(spec.target.tls).toEqual({ caFile: 'ca.pem', certFile: 'c.pem', keyFile: 'k.pem' });
    expect(spec.target.headers).toEqual({ Authorization: 'Bearer ${KEY}', 'X-Team': 'a' });
    expect(spec.deployment).toEqual({ gpus: 2, mode: 'kv', maxNumSeqs: 64, chunked: true });
  });

  it('keeps a null inside extraBody, where it means something', () => {
    expect(specOf(yaml({ extra: 'request: { extraBody: { stop: null } }' })).request.extraBody).toEqual({ stop: null });
  });
});

describe('bad input', () => {
  const cases: [what: string, text: string, complaint: string][] = [
    [
      'a level with a letter',
      yaml({ load: 'levels: [1, 2, "7O"]' }),
      'load.levels[2]: must be a positive integer, got "7O"',
    ],
    ['a level of zero', yaml({ load: 'levels: [0]' }), 'load.levels[0]: must be a positive integer, got 0'],
    ['half a user', yaml({ load: 'levels: [1.5]' }), 'load.levels[0]: must be a positive integer, got 1.5'],
    ['a level given twice', yaml({ load: 'levels: [1, 2, 1]' }), 'load.levels[2]: is a level that was given before: 1'],
    ['no levels', yaml({ load: 'levels: []' }), 'load.levels: must not be empty'],
    ['empty levels text', yaml({ load: 'levels: ""' }), 'load.levels: must not be empty'],
    [
      'a missing level list',
      yaml({ load: 'prime: 1s' }),
      'load.levels: is missing: it must be levels such as [1, 2, 4], "50..160/10" (steps of 10) or "1..32*2" (doubling)',
    ],
    ['an unknown key', yaml({ load: 'levels: [1], warmUp: 3s' }), 'load.warmUp: is not a key of the spec'],
    ['an unknown section', yaml({ extra: 'slos: {}' }), 'slos: is not a key of the spec'],
    [
      'a zero measurement',
      yaml({ load: 'levels: [1], measure: {duration: 0s}' }),
      'load.measure.duration: must be a positive duration such as 500ms, 60s or 5m, got "0s"',
    ],
    [
      'a negative warm-up',
      yaml({ load: 'levels: [1], warmup: -5s' }),
      'load.warmup: must be a duration such as 500ms, 60s or 5m, or 0, got "-5s"',
    ],
    [
      'a negative number of seconds',
      yaml({ load: 'levels: [1], prime: -1' }),
      'load.prime: must be a duration such as 500ms, 60s or 5m, or 0, got -1',
    ],
    [
      'a time-out of zero',
      yaml({ target: 'timeouts: {total: 0}' }),
      'target.timeouts.total: must be a positive duration such as 500ms, 60s or 5m, got 0',
    ],
    [
      'words for a duration',
      yaml({ load: 'levels: [1], prime: soon' }),
      'load.prime: must be a duration such as 500ms, 60s or 5m, or 0, got "soon"',
    ],
    [
      'text for a number',
      yaml({ load: 'levels: [1], snapshots: "3"' }),
      'load.snapshots: must be a whole number from 1 to 1000, got "3"',
    ],
    ['a list for a map', yaml({ extra: 'slo: [1]' }), 'slo: must be a map, got a list'],
    ['a number for text', yaml({ target: 'model: 7' }), 'target.model: must be the name of a model, got 7'],
    [
      'text for a flag',
      yaml({ extra: 'output: {storeText: "yes"}' }),
      'output.storeText: must be true or false, got "yes"',
    ],
    [
      'a percentile of 150',
      yaml({ extra: 'slo: {ttft: {p150: 1s}}' }),
      'slo.ttft.p150: must be a percentile above p0 and below p100, such as p50, p95 or p99.9',
    ],
    [
      'a percentile of 100',
      yaml({ extra: 'slo: {ttft: {p100: 1s}}' }),
      'slo.ttft.p100: must be a percentile above p0 and below p100, such as p50, p95 or p99.9',
    ],
    [
      'a percentile of 0',
      yaml({ extra: 'slo: {itl: {p0: 1s}}' }),
      'slo.itl.p0: must be a percentile above p0 and below p100, such as p50, p95 or p99.9',
    ],
    [
      'an objective without a unit',
      yaml({ extra: 'slo: {ttft: {p95: 600}}' }),
      'slo.ttft.p95: must be a positive duration such as 500ms, 60s or 5m, got 600',
    ],
    [
      'an objective without a percentile',
      yaml({ extra: 'slo: {ttft: 600ms}' }),
      'slo.ttft: must be a map, got "600ms"',
    ],
    [
      'an error share that could be 1 % or all',
      yaml({ extra: 'slo: {errors: 1}' }),
      'slo.errors: must be a share from 0% to 100%, or a ratio from 0 to 1, got 1',
    ],
    [
      'a share above everything',
      yaml({ extra: 'slo: {errors: 101%}' }),
      'slo.errors: must be a share from 0% to 100%, or a ratio from 0 to 1, got "101%"',
    ],
    [
      'an unknown workload',
      yaml({ workload: 'kind: chat' }),
      'workload.kind: must be one of conversation, synthetic, prompt, dataset, got "chat"',
    ],
    [
      'a workload without a kind',
      yaml({ workload: 'seed: 1' }),
      'workload.kind: is missing: it must be one of conversation, synthetic, prompt, dataset',
    ],
    [
      'a key of another workload',
      yaml({ workload: 'kind: prompt, prompt: a, inputTokens: 3' }),
      'workload.inputTokens: is not a key of the spec',
    ],
    ['an empty prompt', yaml({ workload: 'kind: prompt, prompt: " "' }), 'workload.prompt: must be text, got " "'],
    [
      'turns upside down',
      yaml({ workload: 'kind: conversation, turns: {min: 6, max: 2}' }),
      'workload.turns.min: must not be above max, got 6 > 2',
    ],
    [
      'an unknown arrival',
      yaml({ load: 'levels: [1], arrival: burst' }),
      'load.arrival: must be one of closed, constant, poisson, gamma, got "burst"',
    ],
    [
      'a duration and a number of requests',
      yaml({ load: 'levels: [1], measure: {requests: 5, duration: 3s}' }),
      'load.measure.duration: does not go together with requests',
    ],
    [
      'a longest measurement below the shortest',
      yaml({ load: 'levels: [1], measure: {duration: 9s, maxDuration: 3s}' }),
      'load.measure.maxDuration: must not be shorter than duration',
    ],
    [
      'a target rate in open loop',
      yaml({ load: 'levels: [1], arrival: constant, targetRate: 3' }),
      'load.targetRate: does not go together with arrival constant',
    ],
    [
      'answers that are not streamed',
      yaml({ extra: 'request: {stream: false}' }),
      'request.stream: must be true: without streaming there is no first token to measure',
    ],
    [
      'a body field of the client',
      yaml({ extra: 'request: {extraBody: {max_tokens: 9}}' }),
      'request.extraBody.max_tokens: is set by the client itself',
    ],
    [
      'a certificate without its key',
      yaml({ target: 'tls: {cert: c.pem}' }),
      'target.tls.key: is missing: a client certificate needs its key',
    ],
    [
      'a URL that is none',
      yaml().replace('http://127.0.0.1:8000', 'localhost'),
      'target.url: must be a base URL such as http://127.0.0.1:8000, got "localhost"',
    ],
    [
      'a URL of another kind',
      yaml().replace('http://', 'ftp://'),
      'target.url: must begin with http:// or https://, got "ftp:"',
    ],
    [
      'a follow-up of two kinds',
      yaml({ workload: 'kind: conversation, followUp: {fixed: a, template: [b]}' }),
      'workload.followUp: must be exactly one kind of follow-up',
    ],
    ['an empty document', '', 'target: is missing: it must be a map'],
    ['a document that is a list', '[1]', 'must be a map with target, load and workload, got a list'],
  ];
  it.each(cases)('is told of: %s', (_, text, complaint) => {
    expect(complaints(text)).toContain(complaint);
  });

  it('takes a Grafana to annotate, and refuses a token in the spec itself', () => {
    const extra = 'grafana: {url: "http://g:3000/grafana", tokenEnv: GRAFANA_TOKEN}';
    expect(specOf(yaml({ extra })).grafana).toEqual({ url: 'http://g:3000/grafana', tokenEnv: 'GRAFANA_TOKEN' });
    expect(specOf(specToYaml(specOf(yaml({ extra })))).grafana).toEqual(specOf(yaml({ extra })).grafana);
    expect(complaints(yaml({ extra: 'grafana: {url: "http://g", tokenEnv: "glsa_a-b"}' }))).toContain(
      'grafana.tokenEnv: must be the name of an environment variable that holds the key',
    );
  });

  it.each([
    ['{saturatedLevels: 2}', { errorRate: null, forSeconds: 0, saturatedLevels: 2 }],
    ['{saturatedLevels: 1, errorRate: 50%, for: 30s}', { errorRate: 0.5, forSeconds: 30, saturatedLevels: 1 }],
  ])('stops after %s', (written, stopAfter) => {
    const text = yaml({ load: `levels: [1], stopAfter: ${written}` });
    expect(specOf(text).load.stopAfter).toEqual(stopAfter);
  });

  it.each([
    ['{}', 'load.stopAfter: says not when to stop'],
    ['{errorRate: 50%}', 'load.stopAfter.for: is missing beside errorRate'],
    ['{for: 30s, saturatedLevels: 1}', 'load.stopAfter.errorRate: is missing beside for'],
  ])('does not know when to stop after %s', (written, complaint) => {
    expect(complaints(yaml({ load: `levels: [1], stopAfter: ${written}` }))).toContain(complaint);
  });

  it('tells all problems at once, in the order of the text, with their lines', () => {
    const text =
      'target:\n  url: x\nload:\n  levels: [1]\n  snapshots: 0\nworkload:\n  kind: prompt\nslo:\n  errors: 7\n';
    expect(problemsOf(text, { sourceName: 's.yaml' }).map(({ path, line, source }) => [path, line, source])).toEqual([
      ['target.url', 2, 's.yaml'],
      ['load.snapshots', 5, 's.yaml'],
      ['workload.prompt', 6, 's.yaml'],
      ['slo.errors', 9, 's.yaml'],
    ]);
  });

  it.each([
    ['load: { levels: [1], repetitons: 2 }', 'did you mean repetitions?'],
    ['load: { levels: [1], max_in_flight: 2 }', 'did you mean maxInFlight?'],
    ['load: { level: [1] }', 'did you mean levels?'],
    ['snapshots: 3', 'did you mean load.snapshots?'],
    ['workload: { kind: prompt, prompt: a, turns: {} }', 'this kind of workload has: kind, seed, prompt, outputTokens'],
    ['workload: { kind: sintetic }', 'did you mean synthetic?'],
    ['slo: { ttft: { p95: 600 } }', 'add the unit: 600ms or 600s'],
    ['slo: { errors: 5 }', 'write "5%" (or 0.05)'],
    ['name: 5', null],
  ])('is answered with what to do: %s', (extra, hint) => {
    const section = extra.split(':')[0]!;
    const base = yaml();
    const text = base.includes(`${section}:`) ? base.replace(new RegExp(`${section}: .*`), extra) : base + extra;
    expect(problemsOf(text).map((problem) => problem.hint)).toContain(hint);
  });

  it.each(['a: [', 'a: 1\na: 2', '!!js/function "x"', '&a [*a, *b]'])('is not valid YAML: %s', (text) => {
    expect(complaints(text)[0]).toMatch(/^(is not valid YAML|cannot be read): /);
  });

  it('that blows up by aliases is refused', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]`;
    expect(complaints(bomb)[0]).toMatch(/^cannot be read: /);
  });
});

describe('secrets', () => {
  it.each([
    ['in the URL', yaml().replace('127', 'me:hunter2@127')],
    ['in the query of the URL', yaml().replace('8000', '8000/?api-key=hunter2')],
    ['as the name of a variable', yaml({ target: 'apiKeyEnv: sk-hunter2' })],
    ['in a header', yaml({ target: 'headers: {Authorization: Bearer hunter2}' })],
    ['in a header of another name', yaml({ target: 'headers: {X-Api-Key: hunter2}' })],
    ['in the body', yaml({ extra: 'request: {extraBody: {api_key: hunter2}}' })],
    ['in the deployment', yaml({ extra: 'deployment: {apiKey: hunter2}' })],
  ])('are refused and not shown: %s', (_, text) => {
    expect(JSON.stringify(problemsOf(text))).not.toContain('hunter2');
  });

  it('do not keep words like maxTokens or tokensPerGpu from the spec', () => {
    expect(specOf(yaml({ extra: 'deployment: {maxTokens: 5, tokensPerGpu: many}' })).deployment).toHaveProperty(
      'maxTokens',
      5,
    );
  });
});
