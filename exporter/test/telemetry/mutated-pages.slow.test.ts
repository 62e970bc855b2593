import { describe, expect, it } from '@jest/globals';
import { checkMutations, MUTATED_PAGES } from './check-mutations.js';

const PAGES = 100_000;

describe(`${PAGES} pages with mutated lines`, () => {
  it.each(MUTATED_PAGES)(
    'of %s (%s) are read, and what was not mutated keeps its values and roles',
    async (engine, name) => {
      await expect(checkMutations(engine, name, Math.ceil(PAGES / MUTATED_PAGES.length))).resolves.toBeUndefined();
    },
  );
});
