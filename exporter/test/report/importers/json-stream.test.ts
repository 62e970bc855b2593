import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JsonWalker, type JsonPath, type JsonPlan } from '../../../src/report/importers/json-stream.js';

function walk(pieces: readonly string[], plan: JsonPlan): [JsonPath, unknown][] {
  const found: [JsonPath, unknown][] = [];
  const walker = new JsonWalker(plan, (path, value) => found.push([path, value]));
  for (const piece of pieces) walker.write(piece);
  walker.end();
  return found;
}

const takeAll: JsonPlan = () => 'take';

describe('walking through JSON', () => {
  it('gives what JSON.parse gives, wherever the pieces end', () => {
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 1, max: 9 }), (text, length) => {
        const pieces = text.match(new RegExp(`[^]{1,${length}}`, 'g'))!;

        expect(walk(pieces, takeAll)).toEqual([[[0], JSON.parse(text)]]);
      }),
    );
  });

  it('enters objects and lists, and hands over what is in them one by one', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.array(fc.jsonValue())), (value) => {
        const found = walk([JSON.stringify(value)], (path) => (path.length <= 2 ? 'enter' : 'take'));

        const expected = Object.entries(value).flatMap(([key, list]) =>
          list.map((item, index) => [[0, key, index], item]),
        );
        expect(found).toEqual(JSON.parse(JSON.stringify(expected)));
      }),
    );
  });

  it('passes over what is not wanted', () => {
    const plan: JsonPlan = (path) => (path.length === 1 ? 'enter' : path[1] === 'b' ? 'take' : 'skip');

    expect(walk(['{"a": ["]}\\"", {"b": 1}], "b": 2, "c": null}'], plan)).toEqual([[[0, 'b'], 2]]);
  });

  it('reads documents that follow each other', () => {
    expect(walk(['{"a":1}\n{"a":2}'], takeAll)).toEqual([
      [[0], { a: 1 }],
      [[1], { a: 2 }],
    ]);
  });

  it('reads NaN and Infinity as null, but not within texts', () => {
    expect(walk(['{"a": NaN, "b": -Infinity, "c": "NaN \\" Infinity"}'], takeAll)).toEqual([
      [[0], { a: null, b: null, c: 'NaN " Infinity' }],
    ]);
  });

  it.each([
    ['', /is empty/],
    ['{"a": [1, 2', /ends after 11 characters.*cut off/],
    ['{"a": 1', /cut off/],
    ['{"a" 1}', /where ":" should be/],
    ['{"a": 1 "b": 2}', /where "," or an end should be/],
    ['[1, ]', /should be/],
    ['{"a": wrong}', /is not JSON at a/],
  ])('says what is wrong with %s', (text, message) => {
    const enter: JsonPlan = (path) => (path.length <= 1 ? 'enter' : 'take');

    expect(() => walk([text], enter)).toThrow(message);
  });

  it('holds no more of a large file than the values it takes', () => {
    let most = 0;
    let taken = 0;
    const walker = new JsonWalker(
      (path) => (path.length <= 2 ? 'enter' : path[1] === 'texts' ? 'skip' : 'take'),
      (_, value) => {
        taken += 1;
        most = Math.max(most, JSON.stringify(value).length);
      },
    );
    walker.write('{"texts":["');
    for (let i = 0; i < 200; i++) walker.write('x'.repeat(100_000));
    walker.write('"],"gaps":[');
    for (let i = 0; i < 2000; i++) walker.write(`${i === 0 ? '' : ','}[0.1,0.2]`);
    walker.write(']}');
    walker.end();

    expect(taken).toBe(2000);
    expect(most).toBe(9);
  });
});
