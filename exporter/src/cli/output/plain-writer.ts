import { sayLoad } from '../../analysis/in-words.js';
import type { Clock } from '../../clock/clock.js';
import type { SweepEvent } from '../../sweep/events.js';
import type { EventWriter, LoadUnit } from './event-writer.js';
import { clockTime, count, milliseconds, percentage, rate, seconds } from './format.js';
import { phaseName } from './phase-names.js';
import { printable, toAscii } from './terminal-style.js';
import { levelVerdict } from './verdict.js';

/** Progress is told this often. */
const PROGRESS_SECONDS = 10;

/** One line an event, for logs and pipes: start, phases, levels, notes, the end, and progress every 10 s. */
export class PlainWriter implements EventWriter {
  private progressDueAt = -Infinity;

  constructor(
    private readonly output: { write(text: string): unknown },
    private readonly clock: Pick<Clock, 'now'>,
    private readonly unicode: boolean,
    private readonly unit: LoadUnit = 'users',
  ) {}

  handle(event: SweepEvent): void {
    const text = this.textOf(event);
    if (text === null) return;
    const line = printable(text);
    this.output.write(`${this.unicode ? line : toAscii(line)}\n`);
  }

  close(): void {
    // Nothing to restore.
  }

  private textOf(event: SweepEvent): string | null {
    switch (event.type) {
      case 'start':
        return startText(event);
      case 'phase':
        return phaseText(event, this.unit);
      case 'progress':
        return this.isProgressDue() ? progressText(event) : null;
      case 'level':
        return levelText(event, this.unit);
      case 'note':
        return event.severity === 'info' ? event.message : `${event.severity}: ${event.message}`;
      case 'end':
        return event.reason === '' ? event.state : `${event.state}: ${event.reason}`;
      case 'window':
        return null;
    }
  }

  private isProgressDue(): boolean {
    const now = this.clock.now();
    if (now < this.progressDueAt) return false;
    this.progressDueAt = now + PROGRESS_SECONDS;
    return true;
  }
}

type EventOf<T extends SweepEvent['type']> = Extract<SweepEvent, { type: T }>;

function startText({ runId, levels, repetitions, plannedSeconds }: EventOf<'start'>): string {
  const what = levels.length === 0 ? 'SLO search' : `levels ${levels.join(', ')} × ${repetitions}`;
  return `run ${runId}: ${what}, about ${clockTime(plannedSeconds)}`;
}

function phaseText({ phase, load, repetition, snapshot, at }: EventOf<'phase'>, unit: LoadUnit): string {
  const where = phase === 'idle' || !(load > 0) ? '' : ` ${sayLoad(load, unit === 'users')}, repetition ${repetition}`;
  return `[${clockTime(at).padStart(7)}] ${phaseName(phase)}${where}${snapshot > 1 ? `, snapshot ${snapshot}` : ''}`;
}

function progressText({ ratio, remainingSeconds, live }: EventOf<'progress'>): string {
  const figures = [
    `${count(live.inFlight)} in flight`,
    `TTFT p50 ${milliseconds(live.ttftP50)} ms`,
    `${rate(live.requestsPerSecond)} req/s`,
    `${count(live.outputTokensPerSecond)} tok/s`,
    `errors ${percentage(live.errorRatio)} %`,
  ];
  if (live.backoffSlots > 0) figures.push(`${count(live.backoffSlots)} in back-off`);
  return `${count(Math.floor(ratio * 100))} %, ${clockTime(remainingSeconds)} left: ${figures.join(', ')}`;
}

function levelText({ result, analysis }: EventOf<'level'>, unit: LoadUnit): string {
  const judgement = analysis.levels.find(({ level }) => level === result.level);
  const { ttft, tpot, latency } = result;
  const figures = [
    `TTFT p50 ${milliseconds(ttft.p50.value)} p95 ${milliseconds(ttft.p95.value)} ms`,
    `TPOT p50 ${milliseconds(tpot.p50.value)} p95 ${milliseconds(tpot.p95.value)} ms`,
    `E2E p50 ${seconds(latency.p50.value)} p95 ${seconds(latency.p95.value)} s`,
    `errors ${percentage(result.errorRatio)} %`,
    `${rate(result.requestsPerSecond)} req/s`,
    `${count(result.outputTokensPerSecond)} tok/s`,
    `n ${count(result.completed)}`,
  ];
  return `level ${sayLoad(result.load, unit === 'users')}: ${figures.join(', ')}: ${levelVerdict(result, judgement).text}`;
}
