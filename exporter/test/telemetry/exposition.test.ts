import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseSampleValue } from '../../src/telemetry/exposition/number.js';
import { parseExposition } from '../../src/telemetry/exposition/parse.js';

const only = (line: string): { name: string; labels: object; value: number } => parseExposition(line).samples[0]!;

describe('the exposition parser', () => {
  it('reads the example of the Prometheus format', () => {
    const text = `# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045

# A histogram, which has a pretty complex representation in the text format:
# HELP http_request_duration_seconds A histogram of the request duration.
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="+Inf"} 144320
http_request_duration_seconds_sum 53423
http_request_duration_seconds_count 144320

# TYPE rpc_duration_seconds summary
rpc_duration_seconds{quantile="0.01"} 3102
rpc_duration_seconds_sum 1.7560473e+07
rpc_duration_seconds_count 2693
`;
    const { samples, types, brokenLines } = parseExposition(text);
    expect(brokenLines).toBe(0);
    expect(samples).toHaveLength(12);
    expect(samples[0]).toEqual({
      name: 'http_requests_total',
      labels: { method: 'post', code: '200' },
      value: 1027,
      timestampSeconds: 1395066363,
      exemplar: null,
    });
    expect(samples[2]!.labels).toEqual({ path: 'C:\\DIR\\FILE.TXT', error: 'Cannot find file:\n"FILE.TXT"' });
    expect(samples[4]!.value).toBe(Infinity);
    expect(samples[4]!.timestampSeconds).toBeCloseTo(-3982.045, 6);
    expect(Object.fromEntries(types)).toEqual({
      http_requests_total: 'counter',
      http_request_duration_seconds: 'histogram',
      rpc_duration_seconds: 'summary',
    });
  });

  it('reads the example of OpenMetrics, with units, exemplars and seconds', () => {
    const text = `# TYPE foo histogram
# UNIT foo_seconds seconds
foo_bucket{le="0.01"} 0
foo_bucket{le="0.1"} 8 # {} 0.054
foo_bucket{le="1"} 11 # {trace_id="KOO5S4vxi0o"} 0.67
foo_bucket{le="10"} 17 # {trace_id="oHg5SJYRHA0"} 9.8 1520879607.789
foo_bucket{le="+Inf"} 17
foo_count 17 1520879607.789
foo_sum 324789.3
foo_created 1520430000.123
# EOF
`;
    const { samples, brokenLines } = parseExposition(text, { openMetrics: true });
    expect(brokenLines).toBe(0);
    expect(samples[1]!.exemplar).toEqual({ labels: {}, value: 0.054, timestampSeconds: NaN });
    expect(samples[3]!.exemplar).toEqual({
      labels: { trace_id: 'oHg5SJYRHA0' },
      value: 9.8,
      timestampSeconds: 1520879607.789,
    });
    expect(samples[5]!.timestampSeconds).toBe(1520879607.789);
  });

  it('takes a byte order mark, CRLF, blanks around everything and a comma behind the last label', () => {
    const { samples, brokenLines } = parseExposition('\ufeffa 1\r\n \t b { x = "1" , y="2", } \t 2 \r\n\r\nc 3');
    expect(brokenLines).toBe(0);
    expect(samples.map(({ name, labels, value }) => [name, labels, value])).toEqual([
      ['a', {}, 1],
      ['b', { x: '1', y: '2' }, 2],
      ['c', {}, 3],
    ]);
  });

  it('takes names in quotes, as Prometheus 3 writes those beyond the old alphabet', () => {
    expect(only('{"my.metric", "a.b"="c"} 7')).toMatchObject({ name: 'my.metric', labels: { 'a.b': 'c' }, value: 7 });
  });

  it('reads NaN and infinities in the spellings of Go and Python', () => {
    const values = ['NaN', 'nan', '+Inf', '-Inf', 'inf', '-infinity', '1e-3', '.5', '5.', '+7'].map(parseSampleValue);
    expect(values).toEqual([NaN, NaN, Infinity, -Infinity, Infinity, -Infinity, 0.001, 0.5, 5, 7]);
  });

  it.each(['', '0x10', '1_000', '1e', '--1', 'true', '1,5', '0b1', '١'])('does not take %j for a number', (text) => {
    expect(parseSampleValue(text)).toBeNull();
  });

  it.each([
    'no_value',
    'x{a="b" 1',
    'x{a=b} 1',
    'x{a="b"c="d"} 1',
    'x{="b"} 1',
    'x{"a"} 1',
    '{a="b"} 1',
    'x one',
    'x 1 later',
    'x 1 2 3',
    '1x 1',
    '<html>',
    '# TYPE x',
    'x 1 # {a="b"}',
    'x{a="\\',
  ])('counts %j as a broken line and goes on', (line) => {
    const { samples, brokenLines, firstBroken } = parseExposition(`ok 1\n${line}\nok 2\n`);
    expect(samples.map(({ value }) => value)).toEqual([1, 2]);
    expect(brokenLines).toBe(1);
    expect(firstBroken).toEqual({ line: 2, text: line });
  });

  it('keeps a label that is called like a property of every object', () => {
    const { labels } = only('x{__proto__="a",constructor="b"} 1');
    expect(Object.entries(labels)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });

  it('passes over lines that nobody wants without reading them', () => {
    const wanted = (name: string): boolean => name === 'b';
    const { samples, brokenLines } = parseExposition('a{broken 1\nb 2\nab 3\nb_x 4\nb{x="1"} 5', { wanted });
    expect(samples.map(({ value }) => value)).toEqual([2, 5]);
    expect(brokenLines).toBe(0);
  });

  it('reads back whatever labels and values are written', () => {
    const escaped = (text: string): string =>
      text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.double(), (text, value) => {
        const written = Number.isNaN(value) ? 'NaN' : String(value).replace('Infinity', 'Inf');
        const sample = only(`m{l="${escaped(text.replaceAll('\r', ''))}"} ${written}`);
        expect(sample.labels).toEqual({ l: text.replaceAll('\r', '') });
        expect(sample.value).toBe(value === 0 ? Number(written) : value);
      }),
    );
  });

  it('takes time in proportion to a long line of opening quotes and backslashes', () => {
    const hostile = `x{a="${'\\'.repeat(2_000_000)}\n`.repeat(2);
    const startedAt = process.cpuUsage().user;
    expect(parseExposition(hostile).samples).toEqual([]);
    expect(process.cpuUsage().user - startedAt).toBeLessThan(2_000_000);
  });
});
