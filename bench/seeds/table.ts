import { deviation, percent, type Check } from './checks.js';
import { FIGURES, type FigureName, type LevelFigures } from './figures.js';
import type { SeedPlan } from './plans.js';
import type { SeedRun } from './run-seed.js';
import { serverText } from './server-figures.js';

const HEADINGS: Record<FigureName, string> = {
  ttftP50: 'TTFT p50 ms',
  ttftP95: 'TTFT p95 ms',
  tpotP50: 'TPOT p50 ms',
  tpotP95: 'TPOT p95 ms',
  latencyP50: 'E2E p50 s',
  latencyP95: 'E2E p95 s',
  errorRatio: 'errors %',
  requestsPerSecond: 'req/s',
  outputTokensPerSecond: 'tok/s',
};
const WIDTH = 19;

/** Simulated / published and the deviation, level by level, then the checks. */
export function seedText(plan: SeedPlan, run: SeedRun, checks: readonly Check[]): string {
  const shown = FIGURES.filter((name) => run.levels.some(({ published }) => !Number.isNaN(published[name])));
  const speed = Math.round(run.simulatedSeconds / run.realSeconds);
  const rows = run.levels.flatMap(({ load, simulated, published, verdict, server, causes, withExcluded, excluded }) => [
    [String(load).padStart(5), ...shown.map((name) => cell(name, simulated, published)), verdict].join('  '),
    ...(withExcluded === null
      ? []
      : [
          [' with', ...shown.map((name) => cell(name, withExcluded, published))].join('  '),
          ...excluded.map((reason) => `       excluded ${reason}`),
        ]),
    `       ${serverText(server)}`,
    ...causes.map(({ text }) => `       ${text}`),
  ]);
  return [
    `${plan.id}  ${plan.title}`,
    `profile ${plan.profile}, examples/${plan.spec}: ${Math.round(run.simulatedSeconds)} s simulated in ${run.realSeconds.toFixed(1)} s (${speed} s per s)`,
    '',
    ['level', ...shown.map((name) => HEADINGS[name].padStart(WIDTH)), 'verdict'].join('  '),
    ...rows,
    '',
    ...checks.map(({ name, pass, text }) => `${pass ? 'ok    ' : 'MISSED'}  ${name}: ${text}`),
    '',
  ].join('\n');
}

/** `simulated / published deviation`. */
function cell(name: FigureName, simulated: LevelFigures, published: LevelFigures): string {
  const off = deviation(simulated[name], published[name]);
  const texts = `${show(name, simulated[name])} / ${show(name, published[name])}`;
  return `${texts} ${name === 'errorRatio' || Number.isNaN(off) ? '' : percent(off)}`.trimEnd().padStart(WIDTH);
}

function show(name: FigureName, value: number): string {
  if (Number.isNaN(value)) return '–';
  if (name === 'errorRatio') return (100 * value).toFixed(1);
  if (name === 'outputTokensPerSecond') return value.toFixed(0);
  if (name === 'requestsPerSecond') return value.toFixed(2);
  if (name.startsWith('latency')) return value.toFixed(value < 10 ? 3 : 1);
  return (1000 * value).toFixed(value < 0.1 ? 1 : 0);
}
