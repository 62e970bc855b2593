import { describe, expect, it } from '@jest/globals';
import { PageProbe } from '../../src/telemetry/page-probe.js';
import { UpstreamError } from '../../src/telemetry/page.js';
import { randomOf } from '../support/mutated-pages.js';
import { checkMutations, MUTATED_PAGES } from './check-mutations.js';
import { fixture } from './fixtures.js';

/** `npm run test:slow` mutates 100,000 pages. */
const ROUNDS = 250;

describe.each(MUTATED_PAGES)('pages of %s (%s) with mutated lines', (engine, name) => {
  it('are read without hanging or failing, and what was not mutated keeps its values and roles', async () => {
    await expect(checkMutations(engine, name, ROUNDS)).resolves.toBeUndefined();
  });
});

describe("trtllm-serve's JSON, mutated", () => {
  it('is read, or refused with a reason', async () => {
    const random = randomOf(7);
    const whole = fixture('trtllm-iterations.json');
    for (let round = 0; round < 2000; round++) {
      const at = random(whole.length);
      const text =
        whole.slice(0, at) + ['', '"', '}', '[', 'null', '-1e999', '\0'][random(7)]! + whole.slice(at + random(9));
      const fetch = (): Promise<{ text: string; contentType: string }> => Promise.resolve({ text, contentType: '' });
      const probe = new PageProbe({ url: 'http://server/metrics', engine: 'trtllm', raw: [], fetch });
      const read = probe.scrape(new AbortController().signal);
      await read.catch((error: unknown) => expect(error).toBeInstanceOf(UpstreamError));
    }
  });
});
