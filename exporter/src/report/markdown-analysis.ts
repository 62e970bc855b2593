import type { AnalysisFigures } from './analysis-schema.js';
import { degradationCurve } from './degradation-curve.js';
import { asMilliseconds, asPercent, asRate, asSeconds, plainNumber, UNKNOWN, type Write } from './format.js';
import { levelName, loadHeading } from './level-heading.js';
import { escapeText, left, markdownTable } from './markdown-table.js';
import type { LevelFigures, RunResult } from './result-schema.js';
import { saturationPoints } from './saturation-points.js';

type Judgement = AnalysisFigures['levels'][number];

/** What the levels let conclude; null for results of versions that did not conclude. Every sentence is computed. */
export function analysisSection(result: RunResult): string | null {
  const { analysis } = result;
  if (analysis === undefined) return null;
  const parts = [
    `## Analysis\n\n**${escapeText(analysis.summary)}**`,
    findingsPart(analysis),
    verdictsPart(result, analysis),
    boundaryPart(analysis),
    kneePart(analysis),
    saturationPart(result, analysis),
    `### Degradation Curve\n\n\`\`\`\n${degradationCurve(result.levels, analysis)}\n\`\`\``,
    outcomesPart(result, analysis),
  ];
  return parts.filter((part) => part !== null).join('\n\n');
}

function findingsPart({ findings }: AnalysisFigures): string | null {
  if (findings.length === 0) return null;
  const lines = findings.map(({ text }, index) => `${index + 1}. ${escapeText(text)}`);
  return `### Key Findings\n\n${lines.join('\n')}`;
}

/** Levels with their judgement, in the order of the other tables. */
function judged(result: RunResult, analysis: AnalysisFigures): { level: LevelFigures; judgement: Judgement }[] {
  return result.levels.flatMap((level) => {
    const judgement = analysis.levels.find((candidate) => candidate.level === level.level);
    return judgement === undefined ? [] : [{ level, judgement }];
  });
}

function verdictsPart(result: RunResult, analysis: AnalysisFigures): string {
  const columns = [
    loadHeading(result),
    'Verdict',
    'TTFT p50 ÷ lowest',
    'Gain per user',
    'Tightest objective (margin)',
    left('Why'),
    left('Cause'),
  ];
  const rows = judged(result, analysis).map(({ level, judgement }) => [
    levelName(level),
    judgement.verdict,
    known(judgement.numbers.ttftRatio, asRate),
    known(judgement.numbers.gainPerUser, asRate),
    judgement.bindingSlo === null
      ? UNKNOWN
      : `${judgement.bindingSlo.slo} (${known(judgement.bindingSlo.margin, asPercent)})`,
    judgement.reason,
    judgement.causes.map(({ text }) => text).join('; ') || UNKNOWN,
  ]);
  return `### Verdicts\n\n${markdownTable(columns, rows)}`;
}

function boundaryPart({ boundaries }: AnalysisFigures): string | null {
  if (boundaries.length === 0) return null;
  const rows = boundaries.map(({ slo, lastPass, firstFail, estimate, lower, upper }) => [
    slo,
    known(lastPass, plainNumber),
    firstFail === null ? 'none' : plainNumber(firstFail),
    known(estimate, oneDecimal),
    lower === null && upper === null ? UNKNOWN : `${known(lower, oneDecimal)} to ${known(upper, oneDecimal)}`,
  ]);
  const columns = [left('Objective'), 'Last pass', 'First fail', 'Estimate', '95 % interval'];
  return `### SLO Boundary\n\n${markdownTable(columns, rows)}`;
}

function kneePart({ knee, kneeRefused, opinions, slotLimit }: AnalysisFigures): string {
  const hinge =
    knee === null
      ? `none: ${escapeText(kneeRefused ?? 'not known')}`
      : `${oneDecimal(knee.load)} (${known(knee.lower, oneDecimal)} to ${known(knee.upper, oneDecimal)}), F ${known(knee.f, asRate)}, ` +
        `p ${known(knee.p, (p) => p.toPrecision(2))}, BIC gain ${known(knee.bicGain, oneDecimal)}; ` +
        `base ${asMilliseconds(knee.baseSeconds)}, then ${asMilliseconds(knee.slopeSecondsPerUser)} more per user`;
  const others = opinions.map(({ method, refused, text }) => {
    const name = method === 'usl' ? 'Universal Scalability Law' : 'Kneedle';
    const found = escapeText(text);
    if (refused === null) return `- **${name}:** ${found}`;
    return `- **${name}:** refused (${escapeText(refused)})${found === '' ? '' : `; it would say: ${found}`}`;
  });
  const slots =
    slotLimit === null
      ? 'not seen'
      : `${oneDecimal(slotLimit.slots)} (${known(slotLimit.lower, oneDecimal)} to ${known(slotLimit.upper, oneDecimal)}); ` +
        `advertised: ${known(slotLimit.advertised, plainNumber)}`;
  return [
    '### Knee and Slot Limit',
    '',
    `- **Knee of TTFT p50 (flat, then a line):** ${hinge}`,
    ...others,
    `- **Slots by the waiting times:** ${slots}`,
  ].join('\n');
}

function saturationPart(result: RunResult, analysis: AnalysisFigures): string {
  const rows = saturationPoints(result.levels, analysis).map(({ title, text }) => [title, text]);
  return `### Saturation Point\n\n${markdownTable([left('Metric'), left('This run')], rows)}`;
}

function outcomesPart(result: RunResult, analysis: AnalysisFigures): string | null {
  const known = judged(result, analysis).filter(({ judgement }) => judgement.outcomes !== null);
  if (known.length === 0) return null;
  const columns = [
    loadHeading(result),
    'Attainment (95 %)',
    'Goodput req/s',
    'TTFT p95, failures infinite',
    'TTFT p95, Kaplan–Meier',
    'Latency p95, failures infinite',
    'Latency p95, Kaplan–Meier',
  ];
  const rows = known.map(({ level, judgement }) => [levelName(level), ...outcomeCells(judgement.outcomes!)]);
  return `### Goodput, and Times With Failures Counted\n\n${markdownTable(columns, rows)}`;
}

type Outcomes = NonNullable<Judgement['outcomes']>;

function outcomeCells(outcomes: Outcomes): string[] {
  const { value, lower, upper } = outcomes.attainment;
  const { ttftWithFailures, ttftSurvival, latencyWithFailures, latencySurvival } = outcomes;
  return [
    value === null ? UNKNOWN : `${asPercent(value)} (${known(lower, asPercent)}–${known(upper, asPercent)})`,
    known(outcomes.goodputPerSecond, asRate),
    ...[ttftWithFailures, ttftSurvival].map(({ p95 }) => timeCell(p95, asMilliseconds)),
    ...[latencyWithFailures, latencySurvival].map(({ p95 }) => timeCell(p95, asSeconds)),
  ];
}

function timeCell(time: number | 'infinite' | null, write: Write): string {
  return time === 'infinite' ? '∞' : known(time, write);
}

const oneDecimal: Write = (value) => String(Math.round(value * 10) / 10);

function known(value: number | null, write: Write): string {
  return value === null ? UNKNOWN : write(value);
}
