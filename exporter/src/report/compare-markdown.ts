import { sayDifference, sayValue, titleOf } from '../analysis/compare/findings.js';
import type { ComparabilityItem, FigureComparison, LevelComparison, RunComparison } from '../analysis/compare/types.js';
import { asPercent, plainNumber, UNKNOWN } from './format.js';
import { escapeText, left, markdownTable } from './markdown-table.js';

/** A comparison for people: what follows first, then what it rests on. */
export function renderCompareMarkdown(comparison: RunComparison): string {
  const sections = [
    `# ${escapeText(comparison.candidate.name)} against ${escapeText(comparison.base.name)}`,
    `- **Base:** ${comparison.base.id}\n- **Candidate:** ${comparison.candidate.id}`,
    verdictSection(comparison),
    findingsSection(comparison),
    comparabilitySection(comparison),
    levelsSection(comparison),
    methodSection(comparison),
  ];
  return `${sections.join('\n\n')}\n`;
}

function verdictSection({ verdict, reason, regressions }: RunComparison): string {
  const lines = [`**Verdict: ${verdict}**: ${escapeText(reason)}`];
  if (regressions.length > 0) lines.push(`Regression: ${regressions.join('; ')}.`);
  return lines.join('\n\n');
}

function findingsSection({ findings, verdict }: RunComparison): string {
  if (findings.length === 0 && verdict === 'not comparable') return '## Findings\n\nNone: the runs are not comparable.';
  if (findings.length === 0) return '## Findings\n\nNo difference that the data can show.';
  return `## Findings\n\n${findings.map(({ text }, index) => `${index + 1}. ${escapeText(text)}`).join('\n')}`;
}

const STATUS: Readonly<Record<ComparabilityItem['status'], string>> = {
  same: 'same',
  changed: 'changed',
  caution: '**differs**',
  unknown: 'unknown',
  blocks: '**not comparable**',
};

function comparabilitySection({ comparability, onlyBase, onlyCandidate, levels }: RunComparison): string {
  const rows = comparability.map(({ what, base, candidate, status, note }) => [
    what,
    base,
    candidate,
    status === 'caution' && base === candidate ? 'same, **but**' : STATUS[status],
    note,
  ]);
  const table = markdownTable([left('What'), left('Base'), left('Candidate'), 'Status', left('Note')], rows);
  const loads = (of: readonly number[]): string => of.map(plainNumber).join(', ');
  const lines = [
    `Common levels: ${loads(levels.map(({ load }) => load))}.`,
    ...(onlyBase.length > 0 ? [`Only in the base: ${loads(onlyBase)}.`] : []),
    ...(onlyCandidate.length > 0 ? [`Only in the candidate: ${loads(onlyCandidate)}.`] : []),
  ];
  return `## Comparability\n\n${table}\n\n${lines.join(' ')}`;
}

function levelsSection({ levels }: RunComparison): string {
  const columns = [
    'Level',
    left('Figure'),
    'Base',
    'Candidate',
    'Difference',
    '95 % interval',
    'Detectable',
    left('Verdict'),
  ];
  const rows = levels.flatMap((level) => level.figures.map((figure) => figureRow(level, figure)));
  const notes = levels.flatMap(({ load, notes: own }) =>
    own.map((note) => `- Level ${plainNumber(load)}, ${escapeText(note)}`),
  );
  const below = notes.length === 0 ? '' : `\n\n${notes.join('\n')}`;
  return `## Levels\n\n${markdownTable(columns, rows)}${below}`;
}

function figureRow({ load }: LevelComparison, figure: FigureComparison): string[] {
  const { figure: name, base, candidate, difference, lower, upper, detectable } = figure;
  const value = (number: number): string => (Number.isNaN(number) ? UNKNOWN : sayValue(name, number));
  const change = (number: number): string => (Number.isNaN(number) ? UNKNOWN : sayDifference(name, number));
  const interval = Number.isNaN(lower) ? UNKNOWN : `${change(lower)} to ${change(upper)}`;
  return [
    plainNumber(load),
    titleOf(name),
    value(base),
    value(candidate),
    change(difference),
    interval,
    Number.isNaN(detectable) ? UNKNOWN : `±${asPercent(detectable)}`,
    verdictCell(figure),
  ];
}

const WHY: Readonly<Record<NonNullable<FigureComparison['why']>, string>> = {
  survivors: 'survivors',
  invalid: 'no valid window',
  definitions: 'other definitions',
  unknown: 'one side unknown',
  workload: 'other workload',
  arrival: 'other arrivals',
};

function verdictCell({ verdict, why }: FigureComparison): string {
  if (why !== null) return `not comparable: ${WHY[why]}`;
  return verdict === 'worse' || verdict === 'better' ? `**${verdict}**` : verdict;
}

function methodSection({ options, tested, levels }: RunComparison): string {
  const methods = new Set(levels.flatMap(({ figures }) => figures.map(({ method }) => method)));
  const effect = asPercent(options.leastEffect);
  const lines = [
    ...(methods.has('bootstrap')
      ? [
          'Times: whole conversations of each run are resampled; the interval is that of the ratio of the two quantiles.',
        ]
      : []),
    ...(methods.has('slices')
      ? ['Rates: means over slices of the measurement, each at least one mean request long.']
      : []),
    ...(methods.has('intervals')
      ? ["Where raw requests are missing, the figures' own intervals are used; errors have Newcombe's interval."]
      : []),
    ...(methods.has('none')
      ? ['Figures without an interval are points: how much of their difference is chance is not known.']
      : []),
    ...(tested === 0
      ? []
      : [
          `No difference: the whole interval lies within ±${effect}. Better or worse: not so, and significant at 5 % over all ${tested} tested figures together (Holm). ` +
            'Undecided otherwise; "detectable" is what would be found in four of five such comparisons.',
        ]),
    `Times are not compared where ${asPercent(options.errorLimit)} or more of the requests of one side failed.`,
    'The intervals tell of the sampling within these runs, not of what differs between one day and the next: repeat both, in turn, for that.',
  ];
  return `## How It Was Compared\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}
