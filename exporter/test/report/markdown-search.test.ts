import { describe, expect, it } from '@jest/globals';
import { buildResult } from '../../src/report/build-result.js';
import { methodologySection } from '../../src/report/markdown-methodology.js';
import { searchSection } from '../../src/report/markdown-search.js';
import type { SearchFigures } from '../../src/report/search-schema.js';
import { spec } from '../analysis/samples.js';
import { seedResults } from '../support/seed-levels.js';
import { facts, sampleRun, STARTED } from './sample-result.js';

type Step = SearchFigures['steps'][number];
type Objective = Step['objectives'][number];

const proven: Objective = {
  slo: 'ttft_p95',
  required: 0.95,
  good: 200,
  bad: 0,
  undecided: 0,
  share: 1,
  lower: 0.976,
  upper: 1,
  designEffect: 1.25,
  claim: 'pass',
  needed: null,
};
const open: Objective = { ...proven, slo: 'tpot_p95', lower: 0.9, designEffect: 20, claim: 'open', needed: 1800 };

const step = (load: number, changes: Partial<Step> = {}): Step => ({
  role: 'close-in',
  approach: 'above',
  load,
  level: 0,
  windows: ['r1-l1'],
  outcome: 'pass',
  reason: '',
  binding: 'ttft_p95',
  samples: 200,
  measuredSeconds: 120,
  seconds: 210,
  objectives: [proven],
  ...changes,
});

const SEARCH: SearchFigures = {
  from: 16,
  to: 256,
  tolerance: { kind: 'relative', ratio: 0.05 },
  end: 'found',
  lastPass: 74,
  firstFail: 78,
  estimate: 75.27,
  seconds: 7137,
  steps: [step(74)],
  hysteresis: null,
};

function section(changes: Partial<SearchFigures>): string[] {
  return searchSection({ ...sampleRun(), search: { ...SEARCH, ...changes } })!.split('\n');
}

describe('the section on the search', () => {
  it('is not there without a search', () => {
    expect(searchSection(sampleRun())).toBeNull();
  });

  it('says first what was found, then each step with the objective that decided', () => {
    const lines = section({});
    expect(lines).toContain(
      '- The SLO is **met at 74 users** and missed at 78 users; the fitted boundary is 75.3 (1 level, 7137 s).',
    );
    expect(lines).toContain(
      '| 1 | close in, from above | 74 | ttft_p95 | 100.0% (97.6%–100.0%) | ≥ 95.0% | pass | 200 | 160 | 120 s | 210 s |',
    );
  });

  it.each([
    [
      step(75, { outcome: 'open', objectives: [proven, open] }),
      'At 75 users tpot_p95 is unresolved: 200 requests were',
    ],
    [
      step(74, { role: 'probe', outcome: 'open', objectives: [{ ...open, good: 1 }] }),
      'At 74 users tpot_p95 is unresolved in the mirrored probe: 1 request was',
    ],
  ])('says what would decide a level that is open', (visit, said) => {
    const told = section({ steps: [step(74), visit] }).filter((line) => line.includes('is unresolved'));
    expect(told).toEqual([`- ${said} counted; at the share observed about 1800 requests would decide it.`]);
  });

  it('says nothing of what would have decided a level that was decided later', () => {
    const first = step(75, { outcome: 'open', objectives: [open] });
    const decided = section({ steps: [first, step(74), step(75, { role: 'retry', outcome: 'fail' })] });
    expect(decided.filter((line) => line.includes('is unresolved'))).toEqual([]);
    const again = section({
      steps: [first, step(74), step(75, { role: 'retry', outcome: 'open', objectives: [open] })],
    });
    expect(again.filter((line) => line.includes('is unresolved'))).toHaveLength(2);
  });

  it('does not call found what was not', () => {
    const steps = [
      step(60),
      step(70, { outcome: 'invalid', reason: 'gates failed: stamp_delay' }),
      step(69, { outcome: 'invalid', reason: 'gates failed: stamp_delay' }),
      step(72, { outcome: 'invalid', reason: 'gates failed: little' }),
      step(72, { role: 'retry', outcome: 'open' }),
      step(78, { outcome: 'fail' }),
    ];
    expect(section({ end: 'undecided', lastPass: 60, estimate: null, steps })).toContain(
      '- **Unresolved**: the SLO is **met at 60 users** and missed at 78 users; no level is left that could close the gap: 72 users stayed undecided, 69 and 70 users could not be measured validly (gates failed: stamp_delay) (6 levels, 7137 s).',
    );
    expect(section({ end: 'max_levels' })).toContain(
      '- **Unresolved**: the SLO is **met at 74 users** and missed at 78 users; the fitted boundary is 75.3; as many levels had been measured as maxLevels permits (1 level, 7137 s).',
    );
    expect(section({ end: 'none_pass', lastPass: null, firstFail: 16, estimate: null })).toContain(
      '- The SLO is missed even at 16 users, the lowest load that was permitted (1 level, 7137 s).',
    );
  });
});

describe('the report of a search', () => {
  const searched = spec({
    load: {
      measure: { kind: 'duration', seconds: 60, minSamples: 60, maxSeconds: 600 },
      search: {
        from: 50,
        to: 120,
        tolerance: { kind: 'absolute', load: 10 },
        maxLevels: 9,
        maxSeconds: 3600,
        refines: 0,
      },
    },
  });

  it('lists the levels by load, in whatever order they were visited', () => {
    const [first, second, ...others] = seedResults('000-vllm-70b');
    const visited = [second!, ...others, first!];
    const levels = visited.map(({ load }) => load);
    const loads = (swept: typeof searched): number[] =>
      buildResult(facts({ levels }), swept, [], visited, STARTED + 1).levels.map(({ load }) => load);
    expect(loads(searched)).toEqual(levels.toSorted((a, b) => a - b));
    expect(loads(spec())).toEqual(levels);
  });

  it('warns where the search is unresolved', () => {
    const bracket = { pass: null, fail: null };
    const warnings = (end: 'found' | 'max_duration'): string[] =>
      sampleRun({
        spec: searched,
        facts: { search: { steps: [], bracket, estimate: NaN, next: { kind: 'end', end }, elapsed: 10 } },
      }).warnings.filter((text) => text.includes('search'));
    expect(warnings('max_duration')).toEqual([
      'The SLO search is unresolved: it had lasted as long as maxDuration permits.',
    ]);
    expect(warnings('found')).toEqual([]);
  });

  it('says what the order and the length of its levels went by', () => {
    const method = (steps: Step[]): string =>
      methodologySection({ ...sampleRun({ spec: searched }), search: { ...SEARCH, steps } });
    expect(method([step(74)])).toContain('levels as the search chose them; never drained');
    expect(method([step(74, { role: 'sweep' }), step(78)])).toContain(
      'levels ascending, then as the search chose them',
    );
    expect(method([step(74)])).toContain(
      '- **Measurement:** at least 60 s and 60 samples per level, in a search until it is decided (at most 600 s)',
    );
    const unasked = sampleRun({ spec: searched });
    unasked.spec.measure = { kind: 'duration', seconds: 60, minSamples: 0, maxSeconds: 600 };
    expect(methodologySection({ ...unasked, search: SEARCH })).toContain('at least 60 s per level, in a search');
  });
});
