import type { PlottedSeries, Problem } from './model.js';
import { MEASURES } from './roles.js';
import { compareTexts, labelKey, type InputSeries } from './series.js';

/** More lines than this tell nobody anything. */
const MAX_SERIES = 60;

/** Labels that change when a pod is replaced, and say nothing about what was measured. */
const INSTANCE_LABELS = new Set(['instance', 'pod', 'endpoint', 'container', 'node']);
/** Labels that are part of a series' role. */
const ROLE_LABELS = new Set(['__name__', 'role', 'quantile', 'q', 'run']);

/** The series to draw over time, in a fixed order, each with a key that outlives refreshes. */
export function plottedSeries(series: readonly InputSeries[], problems: Problem[]): PlottedSeries[] {
  const drawn: PlottedSeries[] = [];
  for (const group of groupBy(series.filter(isDrawn), slotOf).values()) {
    const parts = joinRestarts(group);
    const differing = differingLabels(parts);
    for (const part of parts) drawn.push(asPlotted(part, differing));
  }
  const unique = [...new Map(drawn.map((one) => [one.key, one])).values()].sort(inOrder);
  if (unique.length > MAX_SERIES)
    problems.push({ code: 'too-many-series', detail: `${unique.length} > ${MAX_SERIES}` });
  return unique.slice(0, MAX_SERIES);
}

function isDrawn({ role, times, values }: InputSeries): boolean {
  return role.kind === 'plotted' && times.length > 0 && !Number.isNaN(times.at(-1)) && values.length === times.length;
}

function slotOf({ role, name }: InputSeries): string {
  if (role.kind !== 'plotted') return '';
  return role.measure === 'other' ? `other ${name}` : `${role.measure} ${role.q ?? ''}`;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** Series that differ in their instance only and follow one another in time are one that was restarted. */
function joinRestarts(series: readonly InputSeries[]): InputSeries[] {
  const withoutInstance = (one: InputSeries): string =>
    labelKey(
      Object.fromEntries(
        Object.entries(one.labels).filter(([label]) => !INSTANCE_LABELS.has(label) && label !== 'run'),
      ),
    );
  return [...groupBy(series, withoutInstance).values()].flatMap((group) => {
    const inTime = [...group].sort((a, b) => a.times[0]! - b.times[0]!);
    const apart = inTime.every((one, i) => i === 0 || one.times[0]! > inTime[i - 1]!.times.at(-1)!);
    if (!apart || group.length === 1) return group;
    return [
      { ...inTime[0]!, times: inTime.flatMap(({ times }) => times), values: inTime.flatMap(({ values }) => values) },
    ];
  });
}

function differingLabels(series: readonly InputSeries[]): string[] {
  const names = new Set(series.flatMap(({ labels }) => Object.keys(labels)));
  return [...names]
    .filter((name) => !ROLE_LABELS.has(name))
    .filter((name) => new Set(series.map(({ labels }) => labels[name])).size > 1)
    .sort(compareTexts);
}

function asPlotted(series: InputSeries, differing: readonly string[]): PlottedSeries {
  const { role, labels, name, times, values, unit, color, source } = series;
  const { measure, q } = role as Extract<InputSeries['role'], { kind: 'plotted' }>;
  const tag = differing.map((label) => labels[label] ?? '').join(' ');
  return { key: `${slotOf(series)} ${tag}`, measure, q, tag, name, times, values, unit, color, source };
}

function inOrder(a: PlottedSeries, b: PlottedSeries): number {
  return (
    MEASURES.indexOf(a.measure) - MEASURES.indexOf(b.measure) ||
    compareTexts(a.q ?? '', b.q ?? '') ||
    compareTexts(a.key, b.key)
  );
}
