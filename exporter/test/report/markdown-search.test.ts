import { describe, expect, it } from '@jest/globals';
import { searchSection } from '../../src/report/markdown-search.js';
import type { SearchFigures } from '../../src/report/search-schema.js';
import { sampleRun } from './sample-result.js';

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
      '- **74 users meet the SLO**, 78 users miss it; the fitted boundary is 75.3 (1 level, 7137 s).',
    );
    expect(lines).toContain(
      '| 1 | close in, from above | 74 | ttft_p95 | 100.0% (97.6%–100.0%) | ≥ 95.0% | pass | 200 | 160 | 120 s | 210 s |',
    );
  });

  it.each([
    [
      step(75, { outcome: 'open', objectives: [proven, open] }),
      '75 users are unresolved for tpot_p95: 200 requests were',
    ],
    [
      step(74, { role: 'probe', outcome: 'open', objectives: [{ ...open, good: 1 }] }),
      '74 users are unresolved for tpot_p95 in the mirrored probe: 1 request was',
    ],
  ])('says what would decide a level that is open', (visit, said) => {
    const told = section({ steps: [step(74), visit] }).filter((line) => line.includes('unresolved for'));
    expect(told).toEqual([`- ${said} counted; at the share observed about 1800 requests would decide it.`]);
  });

  it('does not call found what was not', () => {
    expect(section({ end: 'undecided' })).toContain(
      '- **Unresolved**: **74 users meet the SLO**, 78 users miss it; the fitted boundary is 75.3, but no level between could be decided within its longest measurement (1 level, 7137 s).',
    );
    expect(section({ end: 'none_pass', lastPass: null, firstFail: 16, estimate: null })).toContain(
      '- Not even 16 users, the lowest load that was permitted, meet the SLO (1 level, 7137 s).',
    );
  });
});
