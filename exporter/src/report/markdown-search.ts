import { sayLoad } from '../analysis/in-words.js';
import { asPercent, inSeconds, plainNumber, UNKNOWN } from './format.js';
import { loadHeading } from './level-heading.js';
import { markdownTable } from './markdown-table.js';
import type { RunResult } from './result-schema.js';
import type { SearchFigures } from './search-schema.js';
import { whyUnresolved } from './search-words.js';

type Step = SearchFigures['steps'][number];
type Objective = Step['objectives'][number];

/** How the SLO boundary was searched for, step by step, and what came of it; null where no search was asked for. */
export function searchSection(result: RunResult): string | null {
  const { search } = result;
  if (search === undefined) return null;
  const columns = ['#', 'Step', loadHeading(result), 'Objective', 'Share (95%, always valid)', 'Required'];
  const rows = search.steps.map((step, index) => [String(index + 1), ...stepCells(step)]);
  const table = markdownTable([...columns, 'Decision', 'Samples', 'Effective', 'Measured', 'In all'], rows);
  const closed = result.spec.arrival === 'closed';
  const lines = [
    outcomeText(search, closed),
    hysteresisText(search, closed),
    ...search.steps.filter((step) => !isDecidedLater(step, search.steps)).flatMap((step) => openText(step, closed)),
  ];
  const bullets = lines.filter((line) => line !== '').map((line) => `- ${line}`);
  return `## SLO Search\n\n${bullets.join('\n')}\n\n${table}\n\n${HOW}`;
}

const HOW =
  'A level is measured until the interval of its share lies wholly on one side of what is required. The interval holds at all looks together (an e-process at 2.5 % a side), with requests of one conversation, and of one stretch of time, counted for as many as they are worth (column Effective).';

function stepCells(step: Step): string[] {
  const binding = step.objectives.find(({ slo }) => slo === step.binding);
  const name = `${STEP_NAMES[step.role]}, from ${step.approach}`;
  const load = plainNumber(step.load);
  const times = [inSeconds(Math.round(step.measuredSeconds)), inSeconds(Math.round(step.seconds))];
  if (binding === undefined)
    return [name, load, step.binding, UNKNOWN, UNKNOWN, decisionText(step), '0', '0', ...times];
  return [
    name,
    load,
    binding.slo,
    shareText(binding),
    `≥ ${asPercent(binding.required)}`,
    decisionText(step),
    String(binding.good + binding.bad),
    String(Math.floor((binding.good + binding.bad) / binding.designEffect)),
    ...times,
  ];
}

const STEP_NAMES: Readonly<Record<Step['role'], string>> = {
  sweep: 'sweep',
  double: 'double',
  halve: 'halve',
  'close-in': 'close in',
  retry: 'retry',
  probe: 'mirrored probe',
};

function shareText({ share, lower, upper }: Objective): string {
  return share === null ? UNKNOWN : `${asPercent(share)} (${asPercent(lower)}–${asPercent(upper)})`;
}

function decisionText({ outcome, reason }: Step): string {
  switch (outcome) {
    case 'pass':
      return 'pass';
    case 'fail':
      return '**fail**';
    case 'open':
      return 'unresolved';
    case 'invalid':
      return `invalid: ${reason}`;
  }
}

function outcomeText(search: SearchFigures, closed: boolean): string {
  const { end, lastPass, firstFail, estimate, from, to, seconds } = search;
  const pass = lastPass === null ? '' : `**met at ${sayLoad(lastPass, closed)}**`;
  const fail = firstFail === null ? '' : `missed at ${sayLoad(firstFail, closed)}`;
  const fitted = estimate === null ? '' : `; the fitted boundary is ${plainNumber(Math.round(estimate * 10) / 10)}`;
  const met = [pass, fail].filter((text) => text !== '').join(' and ');
  const known = met === '' ? 'no level was decided' : `the SLO is ${met}`;
  const levels = search.steps.length === 1 ? '1 level' : `${search.steps.length} levels`;
  const took = `(${levels}, ${inSeconds(Math.round(seconds))})`;
  switch (end) {
    case 'found':
      return `The SLO is ${met}${fitted} ${took}.`;
    case 'all_pass':
      return `The SLO is ${pass}, the highest load that was permitted: the boundary lies above ${plainNumber(to)} ${took}.`;
    case 'none_pass':
      return `The SLO is missed even at ${sayLoad(from, closed)}, the lowest load that was permitted ${took}.`;
    case 'undecided':
    case 'max_levels':
    case 'max_duration':
      return `**Unresolved**: ${known}${fitted}; ${whyUnresolved(search, closed)!} ${took}.`;
    case null:
      return `**Not finished**: ${known}${fitted} so far ${took}.`;
  }
}

function hysteresisText({ hysteresis }: SearchFigures, closed: boolean): string {
  if (hysteresis === null) return '';
  const { load, verdict, shareFromBelow, shareFromAbove } = hysteresis;
  const at = sayLoad(load, closed);
  const [below, above] = [shareFromBelow, shareFromAbove].map((share) => (share === null ? UNKNOWN : asPercent(share)));
  switch (verdict) {
    case 'none':
      return `No hysteresis: the SLO is met at ${at} coming from a higher load, too (${above!} within the limit).`;
    case 'found':
      return `**Hysteresis**: at ${at}, ${below!} are within the limit coming from a lower load, but only ${above!} coming from a higher one; the level counts as failing.`;
    case 'undecided':
      return `Hysteresis at ${at} is undecided: ${above!} within the limit coming from a higher load, ${below!} from a lower one.`;
    case 'unchecked':
      return `Hysteresis was not checked: the level of ${at} was not visited coming from a higher load.`;
  }
}

function isDecidedLater(step: Step, steps: readonly Step[]): boolean {
  const later = steps.slice(steps.indexOf(step) + 1).filter(({ load }) => load === step.load);
  return later.some(({ outcome }) => outcome === 'pass' || outcome === 'fail');
}

/** What it would take to decide a level that was not. */
function openText(step: Step, closed: boolean): string[] {
  if (step.outcome !== 'open') return [];
  const { load, role, objectives } = step;
  const probed = role === 'probe' ? ' in the mirrored probe' : '';
  return objectives
    .filter(({ claim }) => claim === 'open')
    .map(({ slo, needed, good, bad }) => {
      const more =
        needed === null ? 'no number of requests would decide it' : `about ${needed} requests would decide it`;
      const counted = good + bad === 1 ? '1 request was' : `${good + bad} requests were`;
      return `At ${sayLoad(load, closed)} ${slo} is unresolved${probed}: ${counted} counted; at the share observed ${more}.`;
    });
}
