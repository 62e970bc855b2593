import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualClock } from '../../src/clock/virtual-clock.js';
import { targetUrls } from '../../src/target/endpoint-url.js';
import { classifyFailure, parseRetryAfter, summarizeBody } from '../../src/target/failure.js';
import { baseHeaders, configRedactor } from '../../src/target/http-config.js';
import { createRedactor } from '../../src/target/redact.js';
import { expandHeaders, readApiKey } from '../../src/target/secrets.js';
import {
  STAMP_DELAY_BUCKETS,
  stampDelayEdge,
  stampDelayQuantile,
  StampDelayCounts,
} from '../../src/target/stamp-delay.js';
import { StampQueue } from '../../src/target/stamp-queue.js';
import { targetConfig } from './asking.js';

describe('URLs of a target', () => {
  it.each([
    'http://host:8000',
    'http://host:8000/',
    'http://host:8000/v1',
    'http://host:8000/v1///',
    'http://host:8000/v1/chat/completions',
    'http://host:8000/v1/completions/',
  ])('come from %s', (base) => {
    expect(targetUrls(base, 'chat')).toMatchObject({
      origin: 'http://host:8000',
      generate: '/v1/chat/completions',
      models: '/v1/models',
      tokenize: '/tokenize',
    });
  });

  it('keep a path before the version, and another version', () => {
    expect(targetUrls('https://h/openai/v1', 'completions')).toMatchObject({
      generate: '/openai/v1/completions',
      tokenize: '/openai/tokenize',
    });
    expect(targetUrls('https://h/api/v3', 'chat').generate).toBe('/api/v3/chat/completions');
    expect(targetUrls('https://h/gateway', 'chat').generate).toBe('/gateway/v1/chat/completions');
  });

  it('repeat a query, which messages do not show', () => {
    const urls = targetUrls('https://h/v1/?api-version=2&key=s3cret', 'chat');
    expect(urls.generate).toBe('/v1/chat/completions?api-version=2&key=s3cret');
    expect(urls.models).toBe('/v1/models?api-version=2&key=s3cret');
    expect(urls.shown).toBe('https://h/v1/chat/completions');
  });

  it('take credentials out', () => {
    const urls = targetUrls('http://me:p%40ss@h/', 'chat');
    expect([urls.credentials, urls.shown]).toEqual(['me:p@ss', 'http://h/v1/chat/completions']);
  });

  it.each(['localhost:8000', 'host', '', 'ftp://host'])('can’t be had from "%s"', (base) => {
    expect(() => targetUrls(base, 'chat')).toThrow(/^target\.url: ".*" (is no URL|must begin with http)/);
  });
});

describe('headers of each request', () => {
  const pairs = (changes: Parameters<typeof targetConfig>[1], url = 'http://h'): Record<string, string> => {
    const config = targetConfig(url, changes);
    const flat = baseHeaders(config, targetUrls(url, 'chat'));
    const named = flat.flatMap((name, index): [string, string][] =>
      index % 2 === 0 ? [[name, flat[index + 1]!]] : [],
    );
    return Object.fromEntries(named);
  };

  it('carry the key as a bearer token', () => {
    expect(pairs({ apiKey: 'k' }).authorization).toBe('Bearer k');
  });

  it('carry the URL’s user and password where there is no key', () => {
    expect(pairs({}, 'http://u:p@h').authorization).toBe(`Basic ${Buffer.from('u:p').toString('base64')}`);
  });

  it('are overridden by the spec’s own, however written', () => {
    expect(pairs({ apiKey: 'k', headers: { Authorization: 'Key z', 'X-A': '1' } })).toMatchObject({
      authorization: 'Key z',
      'x-a': '1',
    });
  });
});

describe('redaction', () => {
  it('masks known secrets in any spelling', () => {
    const redact = createRedactor(['pa"ss/word']);
    expect(redact('pa"ss/word')).toBe('[redacted]');
    expect(redact(JSON.stringify({ key: 'pa"ss/word' }))).toBe('{"key":"[redacted]"}');
    expect(redact(`?x=${encodeURIComponent('pa"ss/word')}`)).toBe('?x=[redacted]');
  });

  it.each([
    ['Authorization: Bearer abc.DEF-123456', 'Authorization: Bearer [redacted]'],
    ['basic dXNlcjpwYXNz was refused', 'basic [redacted] was refused'],
    ['https://me:pw@host/v1', 'https://[redacted]@host/v1'],
    ['GET /v1?api-key=abc&x=1', 'GET /v1?api-key=[redacted]&x=1'],
    ['Incorrect API key provided: sk-proj-abcdefghij', 'Incorrect API key provided: [redacted]'],
  ])('masks what shows to be one: %s', (text, masked) => {
    expect(createRedactor([])(text)).toBe(masked);
  });

  it('leaves ordinary words alone', () => {
    const text = 'basic request to http://host:80/v1 with 3 tokens; bearer of bad news';
    expect(createRedactor(['ab', ''])(text)).toBe(text);
  });

  it('of a configuration covers its key, its own headers and the URL’s password', () => {
    const url = 'http://me:urlpass@h';
    const config = targetConfig(url, {
      apiKey: 'thekey',
      headers: { 'X-Auth': 'Token headersecret', Accept: 'text/plain' },
    });
    const redact = configRedactor(config, targetUrls(url, 'chat'));
    expect(redact('thekey, headersecret, urlpass, text/plain')).toBe('[redacted], [redacted], [redacted], text/plain');
  });
});

describe('secrets from the environment', () => {
  it('replace ${NAME} in header values', () => {
    expect(expandHeaders({ 'x-key': 'k=${A_B};${C}', plain: '$A' }, { A_B: '1', C: '${A_B}' })).toEqual({
      'x-key': 'k=1;${A_B}',
      plain: '$A',
    });
  });

  it('that are missing are named with the header', () => {
    expect(() => expandHeaders({ 'x-key': '${NOPE}' }, {})).toThrow(
      'target.headers["x-key"] needs the environment variable NOPE, which is not set',
    );
  });

  it('give the API key, or say which variable is empty', () => {
    expect(readApiKey('KEY', { KEY: ' k ' })).toBe('k');
    expect(readApiKey(null, {})).toBeNull();
    expect(() => readApiKey('KEY', { KEY: ' ' })).toThrow('the environment variable KEY is not set or empty');
  });
});

describe('classing a failure', () => {
  const failed = (code: string, message = 'failed'): Error => Object.assign(new Error(message), { code });

  it.each([
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'CERT_HAS_EXPIRED',
    'EPROTO',
    'ERR_SSL_WRONG_VERSION_NUMBER',
  ])('%s is tls, whenever it comes', (code) => {
    expect(classifyFailure(failed(code), false).outcome).toBe('tls');
    expect(classifyFailure(failed(code), true).outcome).toBe('tls');
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ECONNRESET', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT'])(
    '%s is connect before an answer, truncated in the middle of one',
    (code) => {
      expect(classifyFailure(failed(code), false).outcome).toBe('connect');
      expect(classifyFailure(failed(code), true).outcome).toBe('truncated');
    },
  );

  it('shows the first of several attempts', () => {
    const error = new AggregateError([failed('ECONNREFUSED', 'connect ECONNREFUSED ::1:80')]);
    expect(classifyFailure(error, false).reason).toBe('connect ECONNREFUSED ::1:80');
  });

  it('reads Retry-After as seconds or as a date, never as less than 0', () => {
    expect(parseRetryAfter(' 12 ', 0)).toBe(12);
    expect(parseRetryAfter('Thu, 01 Jan 1970 00:01:00 GMT', 20)).toBe(40);
    expect(parseRetryAfter('Thu, 01 Jan 1970 00:01:00 GMT', 100)).toBe(0);
    expect(parseRetryAfter('-5', 0)).toBeNaN();
  });

  it.each([
    ['{"error":{"message":"no"}}', 'no'],
    ['{"detail":[{"loc":["body"],"msg":"field required"}]}', '[{"loc":["body"],"msg":"field required"}]'],
    ['<p>not <b>here</b></p>', 'not here'],
    ['', ''],
  ])('summarizes a body: %s', (body, words) => {
    expect(summarizeBody(body)).toBe(words);
  });
});

describe('stamping delay', () => {
  it('gives quantiles right to a bucket', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 2e-6, max: 10, noNaN: true }), { minLength: 1 }), (delays) => {
        const counts = new StampDelayCounts();
        for (const delay of delays) counts.add(delay);
        const sorted = [...delays].sort((a, b) => a - b);
        for (const q of [0, 0.5, 0.99, 1]) {
          const exact = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1]!;
          expect(counts.quantile(q)).toBeGreaterThanOrEqual(exact * (1 - 1e-9));
          expect(counts.quantile(q)).toBeLessThan(exact * 1.0906);
        }
      }),
    );
  });

  it('takes anything, and is NaN without any', () => {
    const counts = new StampDelayCounts();
    expect(counts.quantile(0.5)).toBeNaN();
    for (const delay of [0, -1e-9, 1e-6, 1e9]) counts.add(delay);
    expect(counts.quantile(0.5)).toBe(stampDelayEdge(0));
    expect(counts.quantile(1)).toBe(stampDelayEdge(STAMP_DELAY_BUCKETS - 1));
  });

  it('is handed over and begins anew', () => {
    const counts = new StampDelayCounts();
    counts.add(0.001);
    expect(stampDelayQuantile(counts.take(), 0.5)).toBeCloseTo(0.001, 4);
    expect(counts.quantile(0.5)).toBeNaN();
  });

  /** Stamps three chunks 1 ms apart, decodes, and gives the delays that were counted. */
  async function stampThree(queue: StampQueue, clock: VirtualClock): Promise<number[]> {
    const receiver = { onStampedData: () => undefined, onStampedEnd: () => undefined, onStampedError: () => undefined };
    for (let n = 0; n < 3; n++) {
      if (n > 0) await clock.runUntil(() => false, clock.now() + 0.001);
      queue.data(receiver, Buffer.from('x'));
    }
    queue.drain();
    const counts = queue.delays.take();
    return [...counts].flatMap((count, bucket) => new Array<number>(count).fill(stampDelayEdge(bucket)));
  }

  it('is the time since the loop last asked the kernel', async () => {
    const clock = new (class extends VirtualClock {
      override defer(): void {
        // Decoded by hand.
      }
    })();
    const queue = new StampQueue(clock);
    const idle = await stampThree(queue, clock);
    expect(idle.map((delay) => Math.round(delay * 1000))).toEqual([0, 1, 2]);
    const busy = await stampThree(queue, clock);
    expect(busy.map((delay) => Math.round(delay * 1000))).toEqual([2, 3, 4]);
    await clock.advance(1);
    expect((await stampThree(queue, clock)).map((delay) => Math.round(delay * 1000))).toEqual([0, 1, 2]);
  });
});
