/**
 * Our client as it runs in production: the sidecar with its load thread, recorder, lifetime measures, `requests.jsonl`
 * and `timeline.jsonl`, continuous usage, and `/metrics` rendered as often as Prometheus asks for it.
 */
import { RealClock } from 'sweepscope/dist/clock/real-clock.js';
import { parseSpec } from 'sweepscope/dist/config/parse.js';
import type { SweepSpec } from 'sweepscope/dist/config/spec.js';
import { buildRegistry } from 'sweepscope/dist/metrics/registry.js';
import { Sidecar, type ActiveRun } from 'sweepscope/dist/server/sidecar.js';
import type { ClientStart, OursCalls } from './calls.js';
import { INPUT_TOKENS, LENGTH_SPREAD, SEED, TIMEOUT_SECONDS } from './request.js';
import { ownUsage, serveCalls } from './serve-calls.js';

const SCRAPE_MS = 5000;

const clock = new RealClock();
let sidecar: Sidecar | null = null;
let active: ActiveRun | null = null;
let start: ClientStart | null = null;

function specOf({ url, folder, outputTokens, streams, rampSeconds }: ClientStart): SweepSpec {
  const timeout = `${TIMEOUT_SECONDS}s`;
  const spread = Math.round(outputTokens * LENGTH_SPREAD);
  const length = { uniform: [outputTokens - spread, outputTokens + spread] };
  const spec = {
    name: 'bench',
    target: { url, timeouts: { firstToken: timeout, idle: timeout, total: timeout } },
    load: { levels: [streams], ramp: `${rampSeconds}s` },
    workload: { kind: 'synthetic', seed: SEED, inputTokens: INPUT_TOKENS, outputTokens: length, ignoreEos: true },
    slo: { ttft: { p95: '250ms' }, itl: { p95: '40ms' }, latency: { p95: '5s' } },
    output: { dir: folder },
  };
  const parsed = parseSpec(JSON.stringify(spec));
  if ('spec' in parsed) return parsed.spec;
  throw new Error(parsed.problems.map((problem) => problem.message).join('; '));
}

async function launch(streams: number): Promise<void> {
  if (start === null) throw new Error('not started');
  const spec = specOf(start);
  sidecar = new Sidecar({
    clock,
    env: process.env,
    objectives: spec.slo,
    runsDir: null,
    warn: (message) => process.emitWarning(message),
  });
  const registry = buildRegistry(sidecar.sources());
  setInterval(() => void registry.metrics(), SCRAPE_MS).unref();
  active = await sidecar.launch({ spec, manualUsers: streams });
}

serveCalls<OursCalls>({
  start: (given) => {
    start = given;
    return null;
  },
  streams: async (streams) => {
    if (active === null) await launch(streams);
    else active.session.setUsers(streams);
    return null;
  },
  usage: () => ownUsage(clock.now(), active?.session.recorder.inFlight ?? 0),
  place: () => {
    if (active === null) throw new Error('no run is under way');
    return { dir: active.dir, originSeconds: active.session.originSeconds };
  },
});
