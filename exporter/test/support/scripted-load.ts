import { VirtualClock } from '../../src/clock/virtual-clock.js';
import { InlineLoad } from '../../src/load/inline-load.js';
import type { LoadPlan } from '../../src/load/types.js';
import type { ObservationBatch } from '../../src/measure/observations.js';
import type { Conversation, ConversationKey, Workload } from '../../src/workload/types.js';
import { ScriptedTarget, type Script } from './scripted-target.js';

/** Conversations of a fixed number of turns that only say which one they are. */
export class PlainWorkload implements Workload {
  readonly needsAnswers = true;
  readonly keys: ConversationKey[] = [];

  constructor(
    readonly meanTurns = 1,
    private readonly think = 0,
  ) {}

  conversation(key: ConversationKey): Conversation {
    this.keys.push(key);
    const name = `${key.repetition}/${key.level}/${key.slot}/${key.ordinal}`;
    return {
      turns: this.meanTurns,
      thinkSeconds: () => this.think,
      followUpRequest: () => null,
      supplyUserMessage: () => undefined,
      recordAnswer: () => undefined,
      request: (turn) => ({
        messages: [{ role: 'user', content: `${name} turn ${turn}` }],
        maxTokens: 8,
        ignoreEos: true,
      }),
    };
  }
}

export const FAST: Script = { ttft: 0.2, gap: 0.02, tokens: 11 };

export interface Rig {
  clock: VirtualClock;
  target: ScriptedTarget;
  workload: PlainWorkload;
  load: InlineLoad;
  batches: ObservationBatch[];
}

/** A load in virtual time against a scripted server; its batches are collected. */
export function rig(options: {
  script?: (n: number, inFlight: number) => Script;
  workload?: PlainWorkload;
  plan?: Partial<LoadPlan>;
  onBatch?: (batch: ObservationBatch) => void;
  clock?: VirtualClock;
}): Rig {
  const clock = options.clock ?? new VirtualClock();
  const target = new ScriptedTarget(clock, options.script ?? (() => FAST));
  const workload = options.workload ?? new PlainWorkload();
  const batches: ObservationBatch[] = [];
  const plan: LoadPlan = {
    requestPrefix: 'test',
    originSeconds: clock.now(),
    arrival: 'closed',
    burstiness: 1,
    targetRate: null,
    maxInFlight: 1000,
    seed: 1,
    segment: 0,
    worker: 0,
    workers: 1,
    ...options.plan,
  };
  const listener = {
    onBatch: options.onBatch ?? ((batch: ObservationBatch) => void batches.push(batch)),
    onHealth: () => undefined,
    onFailure: (message: string) => {
      throw new Error(message);
    },
  };
  let draw = 0;
  const random = (): number => (draw++ * 0.618) % 1;
  const load = new InlineLoad({ clock, target, followUpTarget: null, workload, plan, random }, listener);
  return { clock, target, workload, load, batches };
}
