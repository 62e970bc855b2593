import { seedRandom, uniform } from '../../src/simulator/engine/random.js';
import type { Engine } from '../../src/simulator/engine/types.js';

export interface LoopResult {
  ttft: number[];
  itl: number[];
  e2e: number[];
  tokensPerSecond: number;
}

export interface LoopPlan {
  users: number;
  promptTokens: number;
  outputTokens: number;
  /** Users start spread over this time. */
  rampSeconds: number;
  seconds: number;
  seed: number;
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
}

/** N users in virtual time, each asking again as soon as it is answered; the first 3 s are not measured. */
export function closedLoop(engine: Engine, plan: LoopPlan): LoopResult {
  const random = seedRandom(plan.seed);
  const result: LoopResult = { ttft: [], itl: [], e2e: [], tokensPerSecond: 0 };
  const warmUp = 3;
  let nextId = 0;
  let tokens = 0;
  const under = new Map<number, { startedAt: number; firstAt: number; lastAt: number }>();
  const starts = Array.from({ length: plan.users }, () => uniform(random) * plan.rampSeconds).sort((a, b) => a - b);
  const ask = (at: number): void => {
    const id = nextId++;
    under.set(id, { startedAt: at, firstAt: NaN, lastAt: NaN });
    const { promptTokens, outputTokens } = plan;
    engine.submit({ id, promptTokens, outputTokens, maxTokens: outputTokens, finish: 'length' }, at);
  };
  for (let now = 0; now < warmUp + plan.seconds;) {
    now = Math.min(engine.nextEventAt(), starts[0] ?? Infinity);
    for (const event of engine.step(now)) {
      const request = under.get(event.id)!;
      if (event.kind === 'token') {
        if (event.at > warmUp) {
          tokens++;
          if (event.produced === 1) result.ttft.push(event.at - request.startedAt);
          else result.itl.push(event.at - request.lastAt);
        }
        if (event.produced === 1) request.firstAt = event.at;
        request.lastAt = event.at;
      } else if (event.kind === 'finished') {
        if (event.at > warmUp) result.e2e.push(event.at - request.startedAt);
        under.delete(event.id);
        ask(event.at);
      }
    }
    while (starts[0] !== undefined && starts[0] <= now) ask(starts.shift()!);
  }
  result.tokensPerSecond = tokens / plan.seconds;
  return result;
}
