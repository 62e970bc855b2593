/**
 * How well, and in how much time, the SLO search finds the boundary of simulated servers; beside it, doubling and
 * bisection over levels of one fixed length. Prints a table, or JSON: `CaseTally`. With `--whole`, so
 * many whole searches beside, against servers that begin empty.
 */
import { flagsOf } from '../flags.js';
import { asPrecise } from './as-precise.js';
import { PASS_RULES } from './bank-search.js';
import { CASES, type SearchCase } from './cases.js';
import { tallyCase, type CaseTally, type Tally } from './tally.js';

const values = flagsOf({
  seeds: { type: 'string', default: '200' },
  length: { type: 'string', default: '1' },
  only: { type: 'string' },
  whole: { type: 'string', default: '0' },
  json: { type: 'boolean', default: false },
});

function countOf(name: 'seeds' | 'length' | 'whole'): number {
  const count = Number(values[name]);
  const isPossible = name === 'whole' ? count >= 0 : count > 0;
  if (isPossible && (name === 'length' || Number.isInteger(count))) return count;
  console.error(`--${name} must be a number ${name === 'whole' ? 'from 0 on' : 'above 0'}, got "${values[name]}"`);
  process.exit(1);
}

function chosen(): readonly SearchCase[] {
  const { only } = values;
  if (only === undefined) return CASES;
  const found = CASES.filter(({ id }) => id === only);
  if (found.length > 0) return found;
  console.error(`there is no case "${only}"; there are: ${CASES.map(({ id }) => id).join(', ')}`);
  process.exit(1);
}

const told = ({ hits, falsePasses, seconds }: Tally): string =>
  `within 5 % or one user ${(100 * hits).toFixed(1)} %, false passes ${(100 * falsePasses).toFixed(1)} %, ${Math.round(seconds)} s`;

function textOf({ profile, name }: SearchCase, tally: CaseTally): string {
  const shares = PASS_RULES.map((rule) => {
    const precise = asPrecise(tally, rule);
    return `  ${(tally.ours.seconds / precise.seconds).toFixed(2)} times that of levels of ${precise.levelSeconds} s, ${rule}`;
  });
  return [
    `${tally.id} ${name} (${profile}): truth ${tally.truth} users, ${tally.seeds} seeds`,
    `  ours: ${told(tally.ours)}`,
    ...shares,
    ...(tally.whole === null ? [] : [`  ${tally.whole.seeds} whole searches: ${told(tally.whole)}`]),
    ...tally.fixed.map((found) => `  levels of ${found.levelSeconds} s, ${found.rule}: ${told(found)}`),
  ].join('\n');
}

const options = { seeds: countOf('seeds'), length: countOf('length'), whole: countOf('whole') };
for (const given of chosen()) {
  const tally = await tallyCase(given, options);
  console.log(values.json ? JSON.stringify(tally) : textOf(given, tally));
}
