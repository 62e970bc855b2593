import { searchStanding } from '../analysis/slo-search/replay.js';
import type { RunAnalysis } from '../analysis/run-analysis.js';
import { sleep } from '../clock/clock.js';
import { levelOrder, PRIME_CAP } from '../config/plan.js';
import type { WindowRecord } from '../measure/records.js';
import { runTime } from './edges.js';
import type { Phase } from './events.js';
import { searchPlan } from '../config/search-plan.js';
import { levelStep, marksOf, newMarks, type LevelStep } from './level-steps.js';
import { measureWindow, windowEdge } from './measure-window.js';
import type { SweepParts } from './parts.js';
import { Progress } from './progress.js';
import { RunAnalyst } from './run-analyst.js';
import { saturatedLimit } from './saturated-limit.js';
import { searchBoundary, type LevelWatch } from './search-walk.js';
import { warmUp } from './warm-up.js';

const DRAIN_LOOK_SECONDS = 0.05;

/**
 * Takes the load through the plan: for each repetition prime, then level after level (warm-up, measurement in
 * snapshots) without ever draining, then drain and cool-down. A search for the SLO boundary, where the spec asks for one,
 * goes on under the last level's load. Returns the measured windows; fewer than planned when the sweep was stopped.
 */
export class SweepDriver {
  /** Complete so far, those of an earlier process included. */
  readonly windows: WindowRecord[];
  /** Loads by level index: the plan's, then those that a search has come to. */
  readonly levels: number[];
  private readonly progress: Progress;
  private conversationsBefore = { completed: 0, seconds: 0 };
  private conversationSeconds: number;
  private readonly analyst: RunAnalyst;
  /** Levels above are left out. */
  private highestLoad = Infinity;

  constructor(private readonly parts: SweepParts) {
    this.windows = [...parts.kept];
    this.levels = [...parts.spec.load.levels];
    for (const { level, load } of parts.kept) this.levels[level] = load;
    parts.state.windows.push(...parts.kept.map(marksOf));
    this.conversationSeconds = parts.firstRampSeconds;
    this.progress = new Progress(this.plannedSteps());
    this.analyst = new RunAnalyst(parts.spec, parts.serverSide);
    const kept = new Set(parts.kept.map(({ level }) => level));
    for (const level of kept) this.analyst.add(level, parts.kept, parts.recorder.records);
  }

  async run(): Promise<WindowRecord[]> {
    const { repetitions, search } = this.parts.spec.load;
    if (this.parts.kept.length > 0) this.limitLevels(this.analyst.analysis());
    let last: LevelStep | null = null;
    for (let repetition = 1; repetition <= repetitions; repetition++) {
      const steps = this.withinLimit(this.stepsOf(repetition), 1);
      if (steps.length === 0 || this.stopped) continue;
      await this.prime(steps[0]!);
      last = steps[0]!;
      for (const step of steps) {
        if (this.stopped || this.withinLimit([step], 0).length === 0) continue;
        await this.level(step);
        last = step;
      }
      if (search === null || repetition < repetitions) await this.coolDown(last);
    }
    if (search !== null && !this.stopped) last = await this.search(last);
    if (search !== null && last !== null) await this.coolDown(last);
    this.enter('idle', null);
    return this.windows;
  }

  /** Returns the step under whose load it ended; that before it, where there was nothing to search. */
  private async search(before: LevelStep | null): Promise<LevelStep | null> {
    let last = before;
    const begin = async (step: LevelStep): Promise<void> => {
      if (last === null) await this.prime(step);
      last = step;
    };
    await searchBoundary({
      parts: this.parts,
      levels: this.levels,
      windows: this.windows,
      expect: () => this.progress.replan(this.searchSteps()),
      hold: async (step) => {
        await begin(step);
        this.setLoad(step);
        this.enter('warmup', step);
        await sleep(this.parts.clock, this.parts.spec.load.warmupSeconds, this.parts.signal);
      },
      measure: async (step, watch) => {
        await begin(step);
        if (!this.stopped) await this.level(step, watch);
      },
    });
    this.progress.replan([this.parts.spec.load.cooldownSeconds]);
    return last;
  }

  get plannedSeconds(): number {
    return this.progress.plannedSeconds;
  }

  /** Progress now, for the live picture. */
  progressNow(): { ratio: number; remainingSeconds: number } {
    return this.progress.at(runTime(this.parts));
  }

  private get stopped(): boolean {
    return this.parts.signal.aborted;
  }

  private stepsOf(repetition: number): LevelStep[] {
    const { spec } = this.parts;
    const kept = new Set(this.parts.kept.map((window) => window.id));
    const steps =
      spec.load.levels.length === 0
        ? []
        : levelOrder(spec, repetition).map((level) => levelStep(repetition, level, spec.load.levels));
    return steps.filter((step) => !kept.has(step.window));
  }

  private plannedSteps(): number[] {
    const { load } = this.parts.spec;
    const repetitions = Array.from({ length: load.repetitions }, (_, index) => this.stepsOf(index + 1));
    const swept = repetitions.flatMap((steps) => {
      const levels = steps.flatMap((step) => [load.warmupSeconds, this.plannedMeasure(step)]);
      return steps.length === 0 ? [] : [load.primeSeconds, ...levels, load.cooldownSeconds];
    });
    return [...swept, ...this.searchSteps()];
  }

  /** What a search is still expected to take, in steps; never less than a level and one that it may ask for. */
  private searchSteps(): number[] {
    const { load } = this.parts.spec;
    const plan = searchPlan(load);
    if (plan === null) return [];
    const done = this.windows.filter(({ level }) => level >= load.levels.length).length;
    const levels = Math.max(2, plan.levels.expected - done);
    const perLevel = plan.seconds.expected / plan.levels.expected;
    const measure = Math.max(0, perLevel - load.warmupSeconds);
    return [...Array.from({ length: levels }, () => [load.warmupSeconds, measure]).flat(), load.cooldownSeconds];
  }

  /** Seconds; where the plan counts requests, as long as they take at the pace of the checks before the sweep. */
  private plannedMeasure(step: LevelStep): number {
    const { measure, arrival } = this.parts.spec.load;
    if (measure.kind === 'duration') return measure.seconds;
    return (measure.requests * (arrival === 'closed' ? this.parts.firstRampSeconds : 1)) / step.load;
  }

  private async prime(step: LevelStep): Promise<void> {
    this.setLoad(step);
    this.enter('prime', step);
    await sleep(this.parts.clock, this.parts.spec.load.primeSeconds, this.parts.signal);
    const mean = this.meanConversation();
    const longer = Math.min(mean, PRIME_CAP * this.parts.spec.load.primeSeconds) - this.parts.spec.load.primeSeconds;
    if (longer > 0) await sleep(this.parts.clock, longer, this.parts.signal);
  }

  private async level(step: LevelStep, watch: Partial<LevelWatch> = {}): Promise<void> {
    const marks = newMarks(step);
    this.parts.state.windows.push(marks);
    this.parts.resetCache?.(step.load);
    this.setLoad(step);
    marks.startedAt = (await windowEdge(this.parts, step, 'start')).at;
    this.enter('warmup', step);
    const warmup = await warmUp(this.parts, marks.startedAt, watch.enough);
    if (this.stopped) return;
    this.enter('measure', step);
    const window = await measureWindow(this.parts, step, marks, warmup, watch.until);
    this.parts.state.snapshot = 0;
    this.windows.push(window);
    this.parts.timeline.window(window);
    this.parts.emit({ type: 'window', window });
    this.tellLevel(step.level);
  }

  /** A level's figures and verdict as they stand, told when one of its windows is done. */
  private tellLevel(level: number): void {
    const { spec, recorder, emit } = this.parts;
    const windows = this.windows.filter((window) => window.level === level);
    const result = this.analyst.add(level, windows, recorder.records);
    const analysis = this.analyst.analysis(searchStanding(spec, this.windows, recorder.records));
    emit({ type: 'level', result, analysis });
    this.limitLevels(analysis);
  }

  /** Leaves out levels above the saturated ones once there are as many of those as `stopAfter` asks for. */
  private limitLevels(analysis: RunAnalysis): void {
    const wanted = this.parts.spec.load.stopAfter?.saturatedLevels ?? null;
    const limit = wanted === null ? null : saturatedLimit(analysis, wanted);
    if (limit === null || limit >= this.highestLoad) return;
    this.highestLoad = limit;
    const message = `stopAfter: ${wanted!} saturated, levels above ${limit} are left out`;
    this.parts.emit({ type: 'note', severity: 'info', message });
  }

  /** Without the levels that `stopAfter` leaves out, whose warm-up and measurement are planned behind the next `behind` steps. */
  private withinLimit(steps: readonly LevelStep[], behind: number): LevelStep[] {
    return steps.filter((step) => {
      if (step.load <= this.highestLoad) return true;
      this.progress.leaveOut(2, behind);
      return false;
    });
  }

  private async coolDown(last: LevelStep): Promise<void> {
    this.enter('drain', last);
    await drain(this.parts);
    if (this.stopped) return;
    this.enter('cooldown', last);
    this.progress.next(runTime(this.parts));
    await sleep(this.parts.clock, this.parts.spec.load.cooldownSeconds, this.parts.signal);
  }

  private setLoad(step: LevelStep): void {
    const { load, spec, state } = this.parts;
    state.repetition = step.repetition;
    state.level = step.level;
    state.load = step.load;
    const rampSeconds = spec.load.rampSeconds ?? this.meanConversation();
    load.setLevel({ level: step.level, repetition: step.repetition, load: step.load, rampSeconds });
  }

  /** Mean duration of the conversations completed since this was last asked; the last known one where there were none. */
  private meanConversation(): number {
    const { completed, seconds } = this.parts.recorder.conversations;
    const count = completed - this.conversationsBefore.completed;
    if (count > 0) this.conversationSeconds = (seconds - this.conversationsBefore.seconds) / count;
    this.conversationsBefore = { completed, seconds };
    return this.conversationSeconds;
  }

  private enter(phase: Phase, step: LevelStep | null): void {
    const { state, emit } = this.parts;
    state.phase = phase;
    if (phase === 'prime' || phase === 'warmup' || phase === 'measure') this.progress.next(runTime(this.parts));
    const at = runTime(this.parts);
    const place = { repetition: state.repetition, level: step?.level ?? -1, load: step?.load ?? 0 };
    emit({ type: 'phase', phase, ...place, snapshot: phase === 'measure' ? 1 : 0, at });
  }
}

/** Retires all users and waits until their last turns are over; when the sweep is stopped, only until its deadline. */
export async function drain(parts: SweepParts): Promise<void> {
  const { load, state, recorder, clock, spec } = parts;
  load.setLevel({ level: Math.max(0, state.level), repetition: state.repetition, load: 0, rampSeconds: 0 });
  state.load = 0;
  const patience = parts.signal.aborted ? parts.stopDeadlineSeconds : spec.target.timeouts.totalSeconds;
  const deadline = clock.now() + patience;
  while (recorder.inFlight > 0 && clock.now() < deadline) await sleep(clock, DRAIN_LOOK_SECONDS);
  if (recorder.inFlight > 0) load.cut();
  await load.barrier();
}
