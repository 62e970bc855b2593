import { sayLoads } from '../analysis/in-words.js';
import type { SearchFigures } from './search-schema.js';

type Step = SearchFigures['steps'][number];

/** Why a search ended without the boundary, half a sentence; null where it has it, or goes on. */
export function whyUnresolved(search: SearchFigures, closed: boolean): string | null {
  switch (search.end) {
    case 'undecided':
      return `no level is left that could close the gap${blocked(search, closed)}`;
    case 'max_levels':
      return 'as many levels had been measured as maxLevels permits';
    case 'max_duration':
      return 'it had lasted as long as maxDuration permits';
    default:
      return null;
  }
}

/** What became of the levels between the two that are decided. */
function blocked({ steps, lastPass, firstFail }: SearchFigures, closed: boolean): string {
  const between = steps.filter(({ load }) => load > (lastPass ?? 0) && load < (firstFail ?? Infinity));
  const last = [...new Map(between.map((step) => [step.load, step])).values()].toSorted((a, b) => a.load - b.load);
  const those = (outcome: Step['outcome']): { loads: string; reasons: string } => {
    const found = last.filter((step) => step.outcome === outcome);
    const loads = found.map(({ load }) => load);
    return { loads: sayLoads(loads, closed), reasons: [...new Set(found.map(({ reason }) => reason))].join('; ') };
  };
  const [open, invalid] = [those('open'), those('invalid')];
  const texts = [
    open.loads === '' ? '' : `${open.loads} stayed undecided`,
    invalid.loads === '' ? '' : `${invalid.loads} could not be measured validly (${invalid.reasons})`,
  ].filter((text) => text !== '');
  return texts.length === 0 ? '' : `: ${texts.join(', ')}`;
}
