import { describe, expect, it } from '@jest/globals';

import { CHARACTERS_PER_TOKEN, cutStarters, loadPassages } from '../../src/workload/starters.js';
import { WorkloadError } from '../../src/workload/workload-error.js';
import { WORDS } from '../../src/workload/words.js';

describe('the shipped passages', () => {
  const passages = loadPassages();

  it('are 16, each long enough for the default of 3,500 tokens or nearly so', () => {
    expect(passages).toHaveLength(16);
    for (const passage of passages) expect(passage.length).toBeGreaterThan(14_000);
  });

  it('hold no paragraph twice', () => {
    const paragraphs = passages.flatMap((passage) => passage.split('\n\n'));
    expect(new Set(paragraphs).size).toBe(paragraphs.length);
  });

  it('are plain prose: no markup, no notice of a publisher, even white space', () => {
    const text = passages.join('\n\n');
    expect(text.match(/_|Gutenberg|Transcriber|\[Illustration|\[[A-Z]+\]|Greek/g)).toBeNull();
    expect(text.match(/ {2}|\t|\r|\n{3}|[^\n]\n[^\n]/g)).toBeNull();
  });
});

describe('starters', () => {
  const passages = loadPassages();

  it('have the asked length, to a word', () => {
    for (const tokens of [1, 50, 500, 3500, 20_000]) {
      for (const starter of cutStarters(passages, { count: 16, tokens })) {
        expect(starter.length).toBeLessThanOrEqual(Math.round(tokens * CHARACTERS_PER_TOKEN));
        expect(starter.length).toBeGreaterThan(tokens * CHARACTERS_PER_TOKEN - 25);
      }
    }
  });

  it('follow the measured characters a token', () => {
    const [starter] = cutStarters(passages, { count: 1, tokens: 1000 }, 3);
    expect(Math.abs(starter!.length - 3000)).toBeLessThan(20);
  });

  it('go on in the next passage, and from the last in the first', () => {
    const tokens = 5000;
    const starters = cutStarters(passages, { count: 16, tokens });
    expect(starters[0]).toContain(passages[1]!.slice(0, 500));
    expect(starters[15]).toContain(passages[0]!.slice(0, 500));
  });

  it('can be longer than all the passages together', () => {
    expect(cutStarters(passages, { count: 1, tokens: 100_000 })[0]!.length).toBeGreaterThan(430_000);
  });

  it.each([1, 10, 16, 17, 100])('begin differently, all %d of them', (count) => {
    const starters = cutStarters(passages, { count, tokens: 300 });
    expect(new Set(starters.map((starter) => starter.slice(0, 60))).size).toBe(count);
  });

  it('are refused when more are asked for than the text has beginnings', () => {
    const cut = () => cutStarters(passages, { count: 5000, tokens: 300 });
    expect(cut).toThrow(WorkloadError);
    expect(cut).toThrow(
      /workload\.starters\.count: 5000 starters asked for, the shipped text has \d+ beginnings; use at most/,
    );
  });
});

describe('the word list', () => {
  it('has 1,024 different short words', () => {
    expect(new Set(WORDS).size).toBe(1024);
    for (const word of WORDS) expect(word).toMatch(/^[a-z]{3,9}$/);
  });
});
