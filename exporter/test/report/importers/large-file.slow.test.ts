import { describe, expect, it } from '@jest/globals';
import { buildImport } from '../../../src/report/import-result.js';
import { readImports } from '../../../src/report/importers/registry.js';
import type { SourceFile } from '../../../src/report/importers/types.js';

const REQUESTS = 22_000;
const TOKENS = 600;
const USERS = 100;
const MOST_BYTES = 500 * 2 ** 20;

/** The parts of a detailed result of vLLM's bench, about 500 MB in all, made when they are read. */
function* pieces(): Generator<string> {
  const list = (value: (index: number) => string): string =>
    Array.from({ length: REQUESTS }, (_, i) => value(i)).join(',');
  const fields = `"backend":"openai-chat","model_id":"tiny","max_concurrency":${USERS},"request_rate":"inf","request_throughput":10,"duration":2750,"completed":${REQUESTS},"failed":0`;
  yield `{${fields},"input_lens":[${list(() => '256')}],"output_lens":[${list(() => String(TOKENS))}]`;
  yield `,"ttfts":[${list(() => '0.2')}],"errors":[${list(() => '""')}]`;
  yield `,"start_times":[${list((index) => String(Math.floor(index / USERS) * 12.5))}],"generated_texts":[`;
  const text = JSON.stringify('word '.repeat(2000));
  for (let index = 0; index < REQUESTS; index += 1) yield index === 0 ? text : `,${text}`;
  yield '],"itls":[';
  const gaps = `[${Array.from({ length: TOKENS - 1 }, () => '0.020521234').join(',')}]`;
  for (let index = 0; index < REQUESTS; index += 1) yield index === 0 ? gaps : `,${gaps}`;
  yield ']}';
}

describe('a detailed file of 500 MB', () => {
  it('is read as a stream, in bounded memory', async () => {
    const before = process.memoryUsage().rss;
    let bytes = 0;
    let most = 0;
    const file: SourceFile = {
      name: 'large.json',
      bytes: 5e8,
      head: String(pieces().next().value).slice(0, 64 * 1024),
      optional: false,
      async *chunks() {
        await Promise.resolve();
        for (const piece of pieces()) {
          bytes += piece.length;
          most = Math.max(most, process.memoryUsage().rss - before);
          yield piece;
        }
      },
    };

    const { result } = await buildImport((await readImports([file], null))[0]!, 'run', 1.8e9);

    expect(bytes).toBeGreaterThan(360e6);
    expect(result.levels[0]!.ttft.p50.value).toBeCloseTo(0.2, 6);
    expect(most).toBeLessThan(MOST_BYTES);
  });
});
