import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SseDecoder } from '../../src/target/sse-decoder.js';

function decode(parts: readonly Buffer[], maxEventBytes?: number): string[] {
  const events: string[] = [];
  const decoder = new SseDecoder({ onEvent: (data) => events.push(data) }, maxEventBytes);
  for (const part of parts) decoder.push(part);
  decoder.end();
  return events;
}

const decodeText = (text: string): string[] => decode([Buffer.from(text)]);

describe('SSE decoder', () => {
  it('hands out the data of each event', () => {
    expect(decodeText('data: one\n\ndata: two\n\n')).toEqual(['one', 'two']);
  });

  it.each([
    ['LF', '\n'],
    ['CR', '\r'],
    ['CRLF', '\r\n'],
  ])('ends lines at %s', (_, newline) => {
    const text = ['data: one', '', 'data: two', 'data: more', '', ''].join(newline);
    expect(decodeText(text)).toEqual(['one', 'two\nmore']);
  });

  it('takes data with and without a space after the colon, and keeps a second space', () => {
    expect(decodeText('data:tight\n\ndata:  wide\n\n')).toEqual(['tight', ' wide']);
  });

  it('joins the data lines of one event by line feeds', () => {
    expect(decodeText('data: a\ndata:\ndata: b\n\n')).toEqual(['a\n\nb']);
  });

  it('takes a data field without a colon as an empty line of data', () => {
    expect(decodeText('data\n\ndata\ndata\n\n')).toEqual(['', '\n']);
  });

  it('ignores comments and other fields', () => {
    expect(decodeText(': ping\nevent: message\nid: 7\nretry: 10\ndatax: no\ndat: no\ndata: yes\n\n: bye\n\n')).toEqual([
      'yes',
    ]);
  });

  it('drops a byte order mark at the start only', () => {
    expect(decodeText('\uFEFFdata: one\n\n\uFEFFdata: two\n\n')).toEqual(['one']);
  });

  it('hands out a last event that no blank line ends', () => {
    expect(decodeText('data: one\n\ndata: two\n')).toEqual(['one', 'two']);
    expect(decodeText('data: one\n\ndata: two')).toEqual(['one', 'two']);
  });

  it('hands out an event as soon as its blank line is there, not at the end', () => {
    const events: string[] = [];
    const decoder = new SseDecoder({ onEvent: (data) => events.push(data) });
    decoder.push(Buffer.from('data: one\r\n\r'));
    expect(events).toEqual(['one']);
    decoder.push(Buffer.from('\ndata: two\r\n\r\n'));
    expect(events).toEqual(['one', 'two']);
  });

  it('keeps a character whose bytes come in two chunks', () => {
    const bytes = Buffer.from('data: grün 漢字 🙂\n\n');
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(decode([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(['grün 漢字 🙂']);
    }
  });

  it('stops at an event that is longer than its limit', () => {
    const decoder = new SseDecoder({ onEvent: () => undefined }, 1000);
    for (let part = 0; part < 11; part++) decoder.push(Buffer.alloc(100, 'x'));
    expect(decoder.overflowed).toBe(true);
  });

  it('counts the limit for each event anew', () => {
    const line = `data: ${'x'.repeat(700)}\n\n`;
    const halves = [line, line, line].flatMap((text) => [
      Buffer.from(text.slice(0, 350)),
      Buffer.from(text.slice(350)),
    ]);
    expect(decode(halves, 1000)).toHaveLength(3);
  });

  it('reads a line of 1 MB that comes in small pieces at a cost that grows with its length only', () => {
    const timed = (bytes: number): number => {
      const line = Buffer.from(`data: ${'x'.repeat(bytes)}\n\n`);
      const parts: Buffer[] = [];
      for (let at = 0; at < line.length; at += 64) parts.push(line.subarray(at, at + 64));
      const startedAt = process.cpuUsage().user;
      expect(decode(parts)[0]).toHaveLength(bytes);
      return process.cpuUsage().user - startedAt;
    };
    timed(250_000);
    const small = timed(250_000);
    const large = timed(2_000_000);
    // Eight times the bytes: a quadratic decoder would need 64 times as long.
    expect(large).toBeLessThan(32 * Math.max(small, 4000));
  });

  it('finds the same events however the bytes are cut', () => {
    const piece = fc.constantFrom(
      '\n',
      '\r',
      '\r\n',
      'data:',
      'data: ',
      'data',
      ': c',
      'id: 1',
      'ü',
      '漢',
      '🙂',
      'x',
      ' ',
      '\uFEFF',
      '{"a":1}',
    );
    const stream = fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join('')));
    const cuts = fc.array(fc.nat(120), { maxLength: 12 });
    fc.assert(
      fc.property(stream, cuts, (bytes, at) => {
        const edges = [0, ...at.filter((cut) => cut <= bytes.length).sort((a, b) => a - b), bytes.length];
        const parts = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
        expect(decode(parts)).toEqual(decode([bytes]));
      }),
      { numRuns: 3000 },
    );
  });

  it('agrees with a plain reading of the standard', () => {
    const line = fc.constantFrom(
      'data: a',
      'data:b',
      'data:  c',
      'data',
      ':x',
      'event: y',
      '',
      '',
      'other',
      'data: {"k":"ü"}',
    );
    const newline = fc.constantFrom('\n', '\r', '\r\n');
    fc.assert(
      fc.property(fc.array(fc.tuple(line, newline), { maxLength: 30 }), (lines) => {
        const bytes = Buffer.from(lines.map(([text, end]) => text + end).join(''));
        expect(decode([bytes])).toEqual(plainReading(bytes.toString()));
      }),
      { numRuns: 2000 },
    );
  });
});

/** The standard's algorithm over the whole text, with a last event that needs no blank line. */
function plainReading(text: string): string[] {
  const events: string[] = [];
  let data: string[] = [];
  for (const line of [...text.split(/\r\n|\r|\n/), '']) {
    if (line === '') {
      if (data.length > 0) events.push(data.join('\n'));
      data = [];
    } else if (/^data(:|$)/.test(line)) data.push(line.replace(/^data:? ?/, ''));
  }
  return events;
}
