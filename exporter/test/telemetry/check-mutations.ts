import { ADAPTERS, type PageEngine } from '../../src/telemetry/adapters/catalogue.js';
import { parseExposition } from '../../src/telemetry/exposition/parse.js';
import type { ExpositionSample } from '../../src/telemetry/exposition/types.js';
import { PageProbe } from '../../src/telemetry/page-probe.js';
import { UpstreamError } from '../../src/telemetry/page.js';
import { MutablePage, randomOf } from '../support/mutated-pages.js';
import { fixture } from './fixtures.js';

/** Pages of text and whose they are. */
export const MUTATED_PAGES: readonly (readonly [PageEngine, string])[] = [
  ['vllm', 'vllm-0.32.prom'],
  ['vllm', 'vllm-0.8.prom'],
  ['sglang', 'sglang-0.5.prom'],
  ['trtllm', 'trtllm-1.3.prom'],
  ['trtllm', 'trtllm-1.1-dynamo-0.7.prom'],
  ['dynamo', 'dynamo-1.0.prom'],
  ['llamacpp', 'llamacpp-b10519.prom'],
  ['dcgm', 'dcgm-4.prom'],
  ['node', 'node-1.9.prom'],
];
/** A page takes a millisecond or two; this is for a machine that does other things, too. */
const LONGEST_SECONDS = 5;

/**
 * Mutates a page so many times and reads it as an upstream's answer. What was not mutated must say what it said: every
 * sample, and every role. @throws Error with the page at the first one that is read otherwise, or takes long
 */
export async function checkMutations(engine: PageEngine, name: string, rounds: number): Promise<void> {
  const random = randomOf(42 + name.length);
  const page = new MutablePage(fixture(name), ADAPTERS[engine]);
  let text = fixture(name);
  const fetch = (): Promise<{ text: string; contentType: string }> => Promise.resolve({ text, contentType: '' });
  const probe = new PageProbe({ url: 'http://server/metrics', engine: 'auto', raw: [], fetch });
  const { signal } = new AbortController();
  await probe.scrape(signal);
  for (let round = 0; round < rounds; round++) {
    const mutated = page.mutate(random);
    text = mutated.text;
    const startedAt = performance.now();
    const { samples } = parseExposition(text);
    const told = await probe.scrape(signal).catch((error: unknown) => {
      // A page that has nothing left to tell is said to have none.
      if (error instanceof UpstreamError && mutated.untouched.size === 0) return { values: [] };
      throw new Error(`page ${round} of ${name} is not read:\n${text}`, { cause: error });
    });
    const seconds = (performance.now() - startedAt) / 1000;
    const lost = page.lost(mutated, told.values);
    const differs = firstDifference(mutated.expected, samples);
    if (lost.length === 0 && differs === null && seconds < LONGEST_SECONDS) continue;
    throw new Error(`page ${round} of ${name}: ${differs ?? lost.join(', ')} (${seconds.toFixed(3)} s)\n${text}`);
  }
}

function firstDifference(expected: readonly ExpositionSample[], found: readonly ExpositionSample[]): string | null {
  const length = Math.max(expected.length, found.length);
  for (let index = 0; index < length; index++) {
    const [wanted, sample] = [expected[index], found[index]];
    if (wanted === undefined || sample === undefined || !isSame(wanted, sample)) {
      return `sample ${index} is ${JSON.stringify(sample)}, not ${JSON.stringify(wanted)}`;
    }
  }
  return null;
}

function isSame(a: ExpositionSample, b: ExpositionSample): boolean {
  if (a.name !== b.name || !Object.is(a.value, b.value) || !Object.is(a.timestampSeconds, b.timestampSeconds))
    return false;
  const labels = Object.keys(a.labels);
  return (
    labels.length === Object.keys(b.labels).length &&
    labels.every((label) => a.labels[label] === b.labels[label]) &&
    (a.exemplar === null) === (b.exemplar === null)
  );
}
