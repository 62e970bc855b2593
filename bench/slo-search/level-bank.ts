import { VirtualClock } from 'sweepscope/dist/clock/virtual-clock.js';
import type { SloSpec, SweepSpec } from 'sweepscope/dist/config/spec.js';
import { loadBodyParts } from 'sweepscope/dist/load/body-parts.js';
import { InlineLoad } from 'sweepscope/dist/load/inline-load.js';
import { LifetimeMeasures } from 'sweepscope/dist/measure/lifetime.js';
import { Recorder } from 'sweepscope/dist/measure/recorder.js';
import type { RequestRecord } from 'sweepscope/dist/measure/records.js';
import { decideSlo } from 'sweepscope/dist/measure/slo-decision.js';
import { EngineDriver, VIRTUAL_TIME } from 'sweepscope/dist/simulator/driver.js';
import { createSimulatedEngine } from 'sweepscope/dist/simulator/start.js';
import { prepareWith, type PreparedTarget } from 'sweepscope/dist/sweep/prepare.js';
import { workerSetup } from 'sweepscope/dist/sweep/start-load.js';
import type { Target } from 'sweepscope/dist/target/types.js';
import { virtualChecks, virtualSettings } from 'sweepscope/dist/virtual/virtual-checks.js';
import { VirtualServer } from 'sweepscope/dist/virtual/virtual-server.js';

/** How long a load is held. */
export interface RunLength {
  /** Before anything counts: how users' requests fall in time still bears the mark of how they began. */
  settleSeconds: number;
  seconds: number;
}

/** A long run of one constant load, from which windows can be cut anywhere. */
export interface LongRun {
  /** In order of their starts; times are seconds since its beginning, after it has settled. */
  records: readonly RequestRecord[];
  seconds: number;
}

/**
 * Long runs of a simulated server under constant loads, made when they are first asked for. What a search would see of a
 * level is a window of its run, with all the dependence between requests that the engine makes.
 */
export class LevelBank {
  private readonly runs = new Map<number, Promise<LongRun>>();

  constructor(
    private readonly spec: SweepSpec,
    private readonly profile: string,
    private readonly length: RunLength,
  ) {}

  run(load: number): Promise<LongRun> {
    const known = this.runs.get(load);
    if (known !== undefined) return known;
    const made = longRun(this.spec, this.profile, load, this.length);
    this.runs.set(load, made);
    return made;
  }

  /** Whether the load meets every latency objective over its whole long run: the truth of these tests. */
  async meets(load: number, slo: SloSpec): Promise<boolean> {
    const { records, seconds } = await this.run(load);
    return slo.latency.every((objective) => {
      const decided = records.map((record) => decideSlo(record, objective, seconds));
      const good = decided.filter((decision) => decision === 'good').length;
      const bad = decided.filter((decision) => decision === 'bad').length;
      return good >= objective.quantile * (good + bad);
    });
  }
}

async function longRun(
  spec: SweepSpec,
  profile: string,
  load: number,
  { settleSeconds: begins, seconds }: RunLength,
): Promise<LongRun> {
  const clock = new VirtualClock();
  const { engine, serving } = createSimulatedEngine({ profile, seed: 1000 + load, mode: 'burst', overrides: {} });
  const server = new VirtualServer(clock, new EngineDriver(engine, clock, VIRTUAL_TIME), serving);
  const prepared = await preparedOn(
    clock,
    prepareWith(spec, virtualSettings(spec), virtualChecks(server, spec, 'simulated', 'check')),
  );
  const originSeconds = clock.now();
  const recorder = new Recorder({
    originSeconds,
    originEpoch: clock.epoch(),
    requestPrefix: 'test',
    lifetime: new LifetimeMeasures(spec.slo),
    slo: spec.slo,
    sink: { started: () => undefined, firstToken: () => undefined, ended: () => undefined },
  });
  const setup = workerSetup(
    { spec, prepared, env: {}, originSeconds, requestPrefix: 'test', segment: 0, workers: 1 },
    0,
  );
  const inline = new InlineLoad(loadBodyParts(setup, clock, firstTokensOnly(server.target(spec, 'simulated')), null), {
    onBatch: (batch) => recorder.gate.offer(batch),
    onHealth: () => undefined,
    onFailure: (message) => {
      throw new Error(message);
    },
  });
  inline.setLevel({ level: 0, repetition: 1, load, rampSeconds: prepared.conversationSeconds });
  await clock.runUntil(() => false, originSeconds + begins + seconds);
  const records = recorder.records
    .filter(({ startedAt }) => startedAt >= begins)
    .map((record) => shifted(record, begins));
  return { records, seconds };
}

async function preparedOn(clock: VirtualClock, preparing: Promise<PreparedTarget>): Promise<PreparedTarget> {
  let settled = false;
  const settle = (): void => void (settled = true);
  preparing.then(settle, settle);
  await clock.runUntil(() => settled);
  return preparing;
}

/** The same server, telling only the first token and the end: gaps between tokens are not what is looked at here. */
function firstTokensOnly(target: Target): Target {
  return {
    channel: () => {
      const channel = target.channel();
      return {
        warm: () => channel.warm(),
        close: () => channel.close(),
        send: (request, options, listener) => {
          let told = false;
          return channel.send(request, options, {
            onTokenChunk: (...chunk) => {
              if (told) return;
              told = true;
              listener.onTokenChunk(...chunk);
            },
            onEnd: (exchange) => listener.onEnd(exchange),
          });
        },
      };
    },
    flush: () => target.flush(),
    stats: () => target.stats(),
    close: () => target.close(),
  };
}

function shifted(record: RequestRecord, by: number): RequestRecord {
  const { startedAt, firstTokenAt, completedAt, endedAt } = record;
  return {
    ...record,
    startedAt: startedAt - by,
    firstTokenAt: firstTokenAt - by,
    completedAt: completedAt - by,
    endedAt: endedAt - by,
  };
}
