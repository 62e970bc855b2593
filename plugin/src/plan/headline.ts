import type { SweepLevel, SweepRun } from '../data/model.js';
import { formatLoad, formatSeconds } from '../format.js';
import { causeText, TEXT } from '../text.js';

/** The run in one or two sentences: the answer to the question that the sweep was run for. */
export interface Headline {
  /** Name, model and state. */
  title: string;
  /** Each with the verdict that colours it. */
  sentences: readonly { tone: 'good' | 'warn' | 'bad' | 'plain'; text: string }[];
}

export function headlineOf(run: SweepRun): Headline {
  const sentences = [...progress(run), ...boundary(run), ...saturation(run)];
  return {
    title: [run.name === '' ? run.id : run.name, run.model, run.mode, stateText(run)]
      .filter((part) => part !== '')
      .join(' · '),
    sentences,
  };
}

function stateText({ id, state }: SweepRun): string {
  return id === '' ? '' : TEXT.state[state];
}

function progress({ state, live }: SweepRun): Headline['sentences'] {
  if (state === 'interrupted' || state === 'aborted') return [{ tone: 'bad', text: TEXT.ended[state] }];
  if (state !== 'running' || live === null) return [];
  const phase = TEXT.phase[live.phase] ?? live.phase;
  return [
    {
      tone: 'plain',
      text: Number.isNaN(live.load) ? `Now: ${phase}` : `Now: level ${formatLoad(live.load)}, ${phase}`,
    },
  ];
}

function boundary(run: SweepRun): Headline['sentences'] {
  const { lastPass, firstFail, levels } = run;
  if (Number.isNaN(lastPass)) return [];
  const missed = firstFail === null ? '' : missedAt(levels.find(({ load }) => load === firstFail));
  if (lastPass === null)
    return [{ tone: 'bad', text: `Misses the SLO at every level from ${formatLoad(firstFail ?? NaN)}${missed}` }];
  if (firstFail === null)
    return [{ tone: 'good', text: `Meets the SLO up to ${formatLoad(lastPass)}, the highest level so far` }];
  return [
    { tone: 'good', text: `Meets the SLO up to ${formatLoad(lastPass)}` },
    { tone: 'warn', text: `misses it at ${formatLoad(firstFail)}${missed}` },
  ];
}

/** Which objective, by how much. */
function missedAt(level: SweepLevel | undefined): string {
  const failed = (level?.checks ?? []).filter(({ pass }) => pass === false);
  const texts = failed.map(({ objective, valueSeconds }) => {
    const name = `${TEXT.measure[objective.measure]} ${objective.q}`;
    const value = Number.isNaN(valueSeconds) ? '' : ` ${formatSeconds(valueSeconds)}`;
    return `${name}${value} > ${formatSeconds(objective.limitSeconds)}`;
  });
  return texts.length === 0 ? '' : ` (${texts.join(', ')})`;
}

function saturation({ levels }: SweepRun): Headline['sentences'] {
  const first = levels.find(({ verdict }) => verdict === 'saturated');
  if (first === undefined) return [];
  const cause = causeText(first.cause);
  return [{ tone: 'bad', text: `Saturated from ${formatLoad(first.load)}${cause === '' ? '' : ` (${cause})`}` }];
}
