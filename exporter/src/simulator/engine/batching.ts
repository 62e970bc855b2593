import { createEngineState, engineLoad, freeBlocks, growBlocks, knownTokens } from './batching-state.js';
import type { EngineState, Sequence } from './batching-state.js';
import { noiseFactor } from './random.js';
import { observe, recordFinished, recordToken } from './statistics.js';
import type { Engine, EngineConfig, EngineEvent, EngineRequest } from './types.js';

/**
 * A request arrives. It reaches the scheduler after the front end's time.
 * @throws RangeError on token counts below 1, more tokens than the KV cache holds, or an id that is under way.
 */
export function submit(state: EngineState, request: EngineRequest, now: number): void {
  checkRequest(state, request);
  const { baseSeconds, contentionSeconds, contentionExponent, noiseRatio } = state.config.frontEnd;
  const mean = baseSeconds + contentionSeconds * state.sequences.size ** contentionExponent;
  const queuedAt = now + mean * noiseFactor(state.random, noiseRatio);
  const sequence: Sequence = {
    request,
    times: { arrivedAt: now, queuedAt, scheduledAt: NaN, firstTokenAt: NaN, lastTokenAt: NaN },
    stage: 'front-end',
    computed: 0,
    produced: 0,
    blocks: 0,
    planned: 0,
  };
  state.sequences.set(request.id, sequence);
  let place = state.frontEnd.length;
  while (place > 0 && state.frontEnd[place - 1]!.times.queuedAt > queuedAt) place--;
  state.frontEnd.splice(place, 0, sequence);
}

/** Ends a request at once and frees what it holds. False when it is not under way (any more). */
export function abort(state: EngineState, id: number): boolean {
  const sequence = state.sequences.get(id);
  if (sequence === undefined) return false;
  const queue = { 'front-end': state.frontEnd, waiting: state.waiting, running: state.running }[sequence.stage];
  queue.splice(queue.indexOf(sequence), 1);
  leave(state, sequence);
  state.statistics.finished.abort++;
  return true;
}

/**
 * Moves the engine to `now` and tells what happened since the last call. Steps follow each other without gaps while
 * there is work, at times that depend on the state alone: calling late changes no event's time, so nothing drifts.
 */
export function step(state: EngineState, now: number): EngineEvent[] {
  const events: EngineEvent[] = [];
  for (;;) {
    const at = nextEventAt(state);
    if (at > now) return events;
    if (state.step !== null) finishStep(state, events);
    beginStep(state, at, events);
  }
}

/** When `step` has something to do next; Infinity when idle. */
export function nextEventAt(state: EngineState): number {
  if (state.step !== null) return state.step.endsAt;
  return state.frontEnd[0]?.times.queuedAt ?? Infinity;
}

/** The engine as an object that keeps its own state. Arguments and errors: see `createEngineState`. */
export function createBatchingEngine(config: EngineConfig, maxModelLen: number, seed: number): Engine {
  const state = createEngineState(config, maxModelLen, seed);
  return {
    submit: (request, now) => submit(state, request, now),
    abort: (id) => abort(state, id),
    step: (now) => step(state, now),
    nextEventAt: () => nextEventAt(state),
    load: () => engineLoad(state),
    statistics: state.statistics,
  };
}

function checkRequest(state: EngineState, { id, promptTokens, outputTokens }: EngineRequest): void {
  const capacity = state.config.numBlocks * state.config.blockSize;
  if (!(promptTokens >= 1 && outputTokens >= 1 && promptTokens + outputTokens <= capacity)) {
    throw new RangeError(
      `request ${id}: ${promptTokens} prompt and ${outputTokens} output tokens; both must be at least 1 and together ` +
        `fit the KV cache of ${capacity} tokens`,
    );
  }
  if (state.sequences.has(id)) throw new RangeError(`request ${id} is under way already`);
}

function leave(state: EngineState, sequence: Sequence): void {
  freeBlocks(state, sequence);
  sequence.planned = 0;
  state.sequences.delete(sequence.request.id);
}

/** Credits the step under way to its sequences; those whose known tokens are all computed yield one token. */
function finishStep(state: EngineState, events: EngineEvent[]): void {
  const at = state.step!.endsAt;
  state.step = null;
  let ended = false;
  for (const sequence of state.running) {
    if (sequence.planned === 0) continue;
    sequence.computed += sequence.planned;
    sequence.planned = 0;
    if (sequence.computed < knownTokens(sequence)) continue;
    sequence.produced++;
    const { request, times, produced } = sequence;
    recordToken(state.statistics, times, request.promptTokens, produced, at);
    events.push({ kind: 'token', id: request.id, at, produced });
    if (produced < request.outputTokens) continue;
    ended = true;
    recordFinished(state.statistics, times, request);
    leave(state, sequence);
    events.push({ kind: 'finished', id: request.id, at, reason: request.finish });
  }
  if (ended) state.running = state.running.filter(({ request }) => state.sequences.has(request.id));
}

function beginStep(state: EngineState, at: number, events: EngineEvent[]): void {
  takeFromFrontEnd(state, at);
  const preemptions = state.statistics.preemptions;
  const budget = planRunning(state, at, events);
  if (preemptions === state.statistics.preemptions) admitWaiting(state, budget, at, events);
  const seconds = stepSeconds(state);
  if (seconds > 0) state.step = { endsAt: at + seconds };
}

function takeFromFrontEnd(state: EngineState, at: number): void {
  let ready = 0;
  while (ready < state.frontEnd.length && state.frontEnd[ready]!.times.queuedAt <= at) ready++;
  for (const sequence of state.frontEnd.splice(0, ready)) {
    sequence.stage = 'waiting';
    state.waiting.push(sequence);
  }
}

/** Running sequences come first, in order of admission; the youngest gives way when blocks run out. Returns the tokens left. */
function planRunning(state: EngineState, at: number, events: EngineEvent[]): number {
  let budget = state.config.maxNumBatchedTokens;
  for (let index = 0; index < state.running.length && budget > 0; index++) {
    const sequence = state.running[index]!;
    const tokens = Math.min(knownTokens(sequence) - sequence.computed, budget);
    while (sequence.stage === 'running' && !growBlocks(state, sequence, sequence.computed + tokens)) {
      preemptYoungest(state, at, events);
    }
    if (sequence.stage !== 'running') break;
    sequence.planned = tokens;
    budget -= tokens;
  }
  return budget;
}

function preemptYoungest(state: EngineState, at: number, events: EngineEvent[]): void {
  const youngest = state.running.pop()!;
  freeBlocks(state, youngest);
  youngest.stage = 'waiting';
  youngest.computed = 0;
  state.waiting.unshift(youngest);
  state.statistics.preemptions++;
  events.push({ kind: 'preempted', id: youngest.request.id, at });
}

function admitWaiting(state: EngineState, tokensLeft: number, at: number, events: EngineEvent[]): void {
  let budget = tokensLeft;
  while (budget > 0 && state.running.length < state.config.maxNumSeqs) {
    const sequence = state.waiting[0];
    if (sequence === undefined) return;
    const tokens = Math.min(knownTokens(sequence), budget);
    if (!growBlocks(state, sequence, knownTokens(sequence))) return;
    state.waiting.shift();
    state.running.push(sequence);
    sequence.stage = 'running';
    sequence.planned = tokens;
    budget -= tokens;
    if (Number.isNaN(sequence.times.scheduledAt)) sequence.times.scheduledAt = at;
    events.push({ kind: 'scheduled', id: sequence.request.id, at });
  }
}

/** Time of the planned step; 0 when nothing is planned. Also counts its tokens. */
function stepSeconds(state: EngineState): number {
  const { baseSeconds, perSequenceSeconds, perPrefillTokenSeconds, perKvTokenSeconds, noiseRatio } =
    state.config.stepCost;
  let decodes = 0;
  let prefillTokens = 0;
  let contextTokens = 0;
  for (const { planned, computed } of state.running) {
    if (planned === 0) continue;
    if (planned === 1) decodes++;
    else prefillTokens += planned;
    contextTokens += computed;
  }
  if (decodes + prefillTokens === 0) return 0;
  observe(state.statistics.iterationTokens, decodes + prefillTokens);
  const mean =
    baseSeconds +
    perSequenceSeconds * decodes +
    perPrefillTokenSeconds * prefillTokens +
    perKvTokenSeconds * contextTokens;
  return mean * noiseFactor(state.random, noiseRatio);
}
