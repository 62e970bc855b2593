import { createEngineState, createSequence, engineLoad, knownTokens } from './batching-state.js';
import type { EngineState, Sequence } from './batching-state.js';
import { admit, cachedPrefix, forgetAll, grow, nameBlocks, release } from './kv-cache.js';
import { noiseFactor } from './random.js';
import { verifyDrafts } from './speculation.js';
import { recordFinished, recordPrompt, recordTokens, type LatencyEdges } from './statistics.js';
import { costStep } from './step-cost.js';
import type { EngineConfig, EngineEvent, EngineRequest, RoutableEngine } from './types.js';

/**
 * A request arrives. It reaches the scheduler after the front end's time.
 * @throws RangeError on token counts below 1, more tokens than the KV cache holds, or an id that is under way.
 */
export function submit(state: EngineState, request: EngineRequest, now: number): void {
  checkRequest(state, request);
  const { baseSeconds, contentionSeconds, contentionExponent, noiseRatio } = state.config.frontEnd;
  const mean = baseSeconds + contentionSeconds * state.sequences.size ** contentionExponent;
  const queuedAt = now + mean * noiseFactor(state.random, noiseRatio);
  const times = { arrivedAt: now, queuedAt, scheduledAt: NaN, firstTokenAt: NaN, lastTokenAt: NaN };
  const sequence = createSequence(state.config, request, times);
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
  const events = state.untold;
  state.untold = [];
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

/** Tokens of the request's prompt that could be taken from the prefix cache now; the last token never is. */
export function cachedTokens(state: EngineState, request: EngineRequest): number {
  if (!state.config.enablePrefixCaching || request.blockHashes === undefined) return 0;
  const { blockSize } = state.config;
  const limit = Math.floor((request.promptTokens - 1) / blockSize);
  return cachedPrefix(state.cache, request.blockHashes, limit) * blockSize;
}

/** See `Engine.resetPrefixCache`. A preempted sequence gets nothing from the step under way. */
export function resetPrefixCache(state: EngineState, now: number, preemptRunning: boolean): boolean {
  if (preemptRunning) while (state.running.length > 0) preemptYoungest(state, now, state.untold);
  return forgetAll(state.cache);
}

/** The engine as an object that keeps its own state. Arguments and errors: see `createEngineState`. */
export function createBatchingEngine(
  config: EngineConfig,
  maxModelLen: number,
  seed: number,
  edges?: LatencyEdges,
): RoutableEngine {
  const state = createEngineState(config, maxModelLen, seed, edges);
  const { statistics } = state;
  const load = (): ReturnType<typeof engineLoad> => engineLoad(state);
  return {
    submit: (request, now) => submit(state, request, now),
    abort: (id) => abort(state, id),
    step: (now) => step(state, now),
    nextEventAt: () => nextEventAt(state),
    load,
    statistics,
    workers: [{ load, statistics }],
    resetPrefixCache: (now, preemptRunning) => resetPrefixCache(state, now, preemptRunning),
    config,
    cachedTokens: (request) => cachedTokens(state, request),
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
  release(state.cache, sequence.holding);
  sequence.planned = 0;
  state.sequences.delete(sequence.request.id);
}

/** Credits the step under way to its sequences; those whose known tokens are all computed yield tokens. */
function finishStep(state: EngineState, events: EngineEvent[]): void {
  const at = state.step!.endsAt;
  state.step = null;
  let ended = false;
  for (const sequence of state.running) {
    if (sequence.planned === 0) continue;
    const accepted = creditStep(state, sequence);
    if (sequence.computed < knownTokens(sequence) + accepted) continue;
    const tokens = 1 + accepted;
    const { request, times } = sequence;
    if (sequence.produced === 0) recordPrompt(state.statistics, request.promptTokens, sequence.cached);
    sequence.produced += tokens;
    recordTokens(state.statistics, times, tokens, at);
    events.push({ kind: 'token', id: request.id, at, tokens, produced: sequence.produced });
    if (sequence.produced < request.outputTokens) continue;
    ended = true;
    finish(state, sequence);
    events.push({ kind: 'finished', id: request.id, at, reason: request.finish });
  }
  if (ended) state.running = state.running.filter(({ request }) => state.sequences.has(request.id));
}

/** Moves `computed` on; returns how many drafts were accepted. The refused ones' keys and values are overwritten later. */
function creditStep(state: EngineState, sequence: Sequence): number {
  const { planned, drafts } = sequence;
  sequence.planned = 0;
  sequence.drafts = 0;
  const { speculation } = state.config;
  const accepted =
    drafts === 0 || speculation === null
      ? 0
      : verifyDrafts(speculation, drafts, state.random, state.statistics.speculation);
  sequence.computed += planned - drafts + accepted;
  return accepted;
}

function finish(state: EngineState, sequence: Sequence): void {
  const { promptTokens, maxTokens, finish: reason } = sequence.request;
  const { times, cached, produced, preemptions } = sequence;
  const figures = { promptTokens, cachedTokens: cached, outputTokens: produced, maxTokens, preemptions };
  recordFinished(state.statistics, times, { ...figures, finish: reason });
  leave(state, sequence);
}

function beginStep(state: EngineState, at: number, events: EngineEvent[]): void {
  takeFromFrontEnd(state, at);
  const preemptions = state.statistics.preemptions;
  const budget = planRunning(state, at, events);
  if (preemptions === state.statistics.preemptions) admitWaiting(state, budget, at, events);
  const seconds = costStep(state);
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
    const missing = knownTokens(sequence) - sequence.computed;
    const drafts = missing === 1 && sequence.produced > 0 ? draftsFor(state, sequence, budget - 1) : 0;
    const tokens = Math.min(missing + drafts, budget);
    while (sequence.stage === 'running' && !grow(state.cache, sequence.holding, sequence.computed + tokens)) {
      preemptYoungest(state, at, events);
    }
    if (sequence.stage !== 'running') break;
    plan(state, sequence, tokens, drafts);
    budget -= tokens;
  }
  return budget;
}

/** Never more than the request has tokens left after the one that is sure to come. */
function draftsFor({ config }: EngineState, { request, produced }: Sequence, budget: number): number {
  if (config.speculation === null) return 0;
  return Math.max(0, Math.min(config.speculation.draftTokens, request.outputTokens - produced - 1, budget));
}

/** Drafts may be refused, so that their blocks get no name yet. */
function plan(state: EngineState, sequence: Sequence, tokens: number, drafts: number): void {
  sequence.planned = tokens;
  sequence.drafts = drafts;
  if (sequence.hashes === null) return;
  nameBlocks(state.cache, sequence.holding, sequence.hashes, sequence.computed + tokens - drafts);
}

function preemptYoungest(state: EngineState, at: number, events: EngineEvent[]): void {
  const youngest = state.running.pop()!;
  release(state.cache, youngest.holding);
  youngest.stage = 'waiting';
  youngest.computed = 0;
  youngest.planned = 0;
  youngest.drafts = 0;
  youngest.preemptions++;
  state.waiting.unshift(youngest);
  state.statistics.preemptions++;
  events.push({ kind: 'preempted', id: youngest.request.id, at });
}

function admitWaiting(state: EngineState, tokensLeft: number, at: number, events: EngineEvent[]): void {
  let budget = tokensLeft;
  while (budget > 0 && state.running.length < state.config.maxNumSeqs) {
    const sequence = state.waiting[0];
    if (sequence === undefined || !takeBlocks(state, sequence)) return;
    state.waiting.shift();
    state.running.push(sequence);
    sequence.stage = 'running';
    const tokens = Math.min(knownTokens(sequence) - sequence.computed, budget);
    plan(state, sequence, tokens, 0);
    budget -= tokens;
    const cached = Math.min(sequence.computed, sequence.request.promptTokens);
    if (Number.isNaN(sequence.times.scheduledAt)) countAdmission(state, sequence, cached, at);
    events.push({ kind: 'scheduled', id: sequence.request.id, at, cachedTokens: cached });
  }
}

/** Takes all blocks that the known tokens need; false, and nothing changed, when too few are free. */
function takeBlocks({ config, cache }: EngineState, sequence: Sequence): boolean {
  const known = knownTokens(sequence);
  const { hashes, holding } = sequence;
  const shared = hashes === null ? 0 : cachedPrefix(cache, hashes, Math.floor((known - 1) / config.blockSize));
  if (!admit(cache, holding, hashes, shared, known)) return false;
  sequence.computed = shared * config.blockSize;
  return true;
}

function countAdmission({ statistics }: EngineState, sequence: Sequence, cached: number, at: number): void {
  sequence.times.scheduledAt = at;
  sequence.cached = cached;
  if (sequence.hashes === null) return;
  statistics.prefixCacheQueries += sequence.request.promptTokens;
  statistics.prefixCacheHits += cached;
}
