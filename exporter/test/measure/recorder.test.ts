import { describe, expect, it } from '@jest/globals';
import { LifetimeMeasures } from '../../src/measure/lifetime.js';
import { BatchWriter, outcomeCode } from '../../src/measure/observations.js';
import { Recorder, type RecordSink } from '../../src/measure/recorder.js';
import { recordedSink, type Told } from '../support/recorded-sink.js';
import type { SloSpec } from '../../src/config/spec.js';

const SLO: SloSpec = {
  latency: [
    { name: 'ttft_p95', metric: 'ttft', quantile: 0.95, seconds: 0.5 },
    { name: 'tpot_p95', metric: 'tpot', quantile: 0.95, seconds: 0.05 },
    { name: 'latency_p95', metric: 'latency', quantile: 0.95, seconds: 2 },
  ],
  errorRatio: 0.01,
};

interface Rig {
  recorder: Recorder;
  lifetime: LifetimeMeasures;
  told: Told[];
  batch: BatchWriter;
  offer: () => void;
}

function rig(slo: SloSpec = SLO): Rig {
  const lifetime = new LifetimeMeasures(slo);
  const told: Told[] = [];
  const sink: RecordSink = recordedSink(told);
  const recorder = new Recorder({ originSeconds: 1000, originEpoch: 1.7e9, requestPrefix: 'p', lifetime, slo, sink });
  const batch = new BatchWriter(0);
  return { recorder, lifetime, told, batch, offer: () => recorder.gate.offer(batch.take()) };
}

function start(batch: BatchWriter, request: number, at: number, turn = 1): void {
  const table = batch.tables.starts;
  const row = table.next();
  Object.entries({ at, intended: at, request, conversation: request, slot: 0, turn, level: 0 }).forEach(
    ([name, value]) => {
      table.columns[name as 'at'][row] = value;
    },
  );
}

function firstToken(batch: BatchWriter, request: number, at: number): void {
  const table = batch.tables.firstTokens;
  const row = table.next();
  table.columns.at[row] = at;
  table.columns.firstChunk[row] = at;
  table.columns.firstVisible[row] = at;
  table.columns.request[row] = request;
}

function chunk(batch: BatchWriter, at: number, gap: number, tokens = 1): void {
  const table = batch.tables.tokenChunks;
  const row = table.next();
  table.columns.at[row] = at;
  table.columns.gap[row] = gap;
  table.columns.tokens[row] = tokens;
  table.columns.turn[row] = 1;
}

function end(batch: BatchWriter, request: number, at: number, changes: Record<string, number> = {}): void {
  const table = batch.tables.ends;
  const row = table.next();
  const cells = {
    at,
    firstChunk: at,
    firstVisible: at,
    completed: at,
    input: 10,
    output: 5,
    cached: NaN,
    status: 200,
    request,
    chunks: 5,
    surplus: 0,
    outcome: outcomeCode('ok'),
    fromChunks: 0,
  };
  Object.entries({ ...cells, ...changes }).forEach(([name, value]) => {
    table.columns[name as 'at'][row] = value;
  });
}

describe('the recorder', () => {
  it('makes a record of a request from its events, in whatever batches they come', () => {
    const { recorder, batch, offer, told } = rig();
    start(batch, 7, 1);
    offer();
    firstToken(batch, 7, 1.2);
    chunk(batch, 1.2, NaN);
    offer();
    end(batch, 7, 1.4);
    offer();
    expect(recorder.records[0]).toMatchObject({
      id: 'p-0-7',
      startedAt: 1,
      firstTokenAt: 1.2,
      completedAt: 1.4,
      outcome: 'ok',
      outputTokens: 5,
    });
    expect(recorder.inFlight).toBe(0);
    expect(told.map((event) => event.what)).toEqual(['started', 'firstToken', 'ended']);
  });

  it('counts tokens as they arrive, and at the end those that only usage told of', () => {
    const { lifetime, recorder, batch, offer } = rig();
    start(batch, 1, 0);
    chunk(batch, 0.1, NaN);
    chunk(batch, 0.2, 0.1, 3);
    offer();
    expect(lifetime.outputTokens).toBe(4);
    end(batch, 1, 0.3, { output: 9, surplus: 5 });
    offer();
    expect(lifetime.outputTokens).toBe(9);
    const tally = recorder.takeTally();
    expect([tally.outputTokens, tally.itl.count]).toEqual([9, 1]);
  });

  it('observes TTFT of a request that fails later, but neither its latency nor its TPOT', () => {
    const { lifetime, batch, offer } = rig();
    start(batch, 1, 0);
    firstToken(batch, 1, 0.2);
    end(batch, 1, 3, { outcome: outcomeCode('truncated') });
    offer();
    const total = (name: 'ttft' | 'tpot' | 'duration'): number =>
      lifetime.histograms[name].snapshot().counts[0]!.reduce((a, b) => a + b, 0);
    expect([total('ttft'), total('tpot'), total('duration')]).toEqual([1, 0, 0]);
    expect(lifetime.errors.truncated).toBe(1);
    expect(lifetime.requests[0]).toEqual({ ok: 0, error: 1 });
  });

  it('tells for how long the oldest request has waited for its first token', () => {
    const { recorder, batch, offer } = rig();
    start(batch, 1, 1);
    start(batch, 2, 2);
    firstToken(batch, 1, 3);
    offer();
    expect(recorder.oldestUnanswered(10)).toBe(8);
  });
});

describe('SLO events', () => {
  const events = (lifetime: LifetimeMeasures): Record<string, string> =>
    Object.fromEntries([...lifetime.sloEvents].map(([name, { good, bad }]) => [name, `${good} good, ${bad} bad`]));

  it('come once per request and objective', () => {
    const { lifetime, recorder, batch, offer } = rig();
    start(batch, 1, 0);
    firstToken(batch, 1, 0.2);
    offer();
    recorder.judge.tick(1);
    end(batch, 1, 0.4);
    offer();
    expect(events(lifetime)).toEqual({
      ttft_p95: '1 good, 0 bad',
      tpot_p95: '1 good, 0 bad',
      latency_p95: '1 good, 0 bad',
      errors: '1 good, 0 bad',
    });
  });

  it('are bad as soon as a request has outlived the limit, though it goes on', () => {
    const { lifetime, recorder, batch, offer } = rig();
    start(batch, 1, 0);
    offer();
    recorder.judge.tick(0.6);
    expect(events(lifetime)['ttft_p95']).toBe('0 good, 1 bad');
    recorder.judge.tick(2.5);
    expect(events(lifetime)['latency_p95']).toBe('0 good, 1 bad');
    firstToken(batch, 1, 3);
    end(batch, 1, 4);
    offer();
    expect(events(lifetime)).toMatchObject({ ttft_p95: '0 good, 1 bad', latency_p95: '0 good, 1 bad' });
  });

  it('count an error against every objective that was still open', () => {
    const { lifetime, batch, offer } = rig();
    start(batch, 1, 0);
    end(batch, 1, 0.1, { outcome: outcomeCode('http_5xx') });
    offer();
    expect(events(lifetime)).toEqual({
      ttft_p95: '0 good, 1 bad',
      tpot_p95: '0 good, 1 bad',
      latency_p95: '0 good, 1 bad',
      errors: '0 good, 1 bad',
    });
  });

  it('leave out TPOT where there was one token', () => {
    const { lifetime, batch, offer } = rig();
    start(batch, 1, 0);
    firstToken(batch, 1, 0.2);
    end(batch, 1, 0.3, { output: 1, chunks: 1 });
    offer();
    expect(events(lifetime)['tpot_p95']).toBe('0 good, 0 bad');
  });

  it('do not blame the server for a request that we cut', () => {
    const { lifetime, batch, offer } = rig();
    start(batch, 1, 0);
    end(batch, 1, 0.1, { outcome: outcomeCode('aborted') });
    offer();
    expect(new Set(Object.values(events(lifetime)))).toEqual(new Set(['0 good, 0 bad']));
  });
});
