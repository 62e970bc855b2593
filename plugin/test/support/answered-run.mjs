/**
 * A short sweep in virtual time, put into a real Prometheus, which then answers the queries of the shipped dashboards'
 * own panels. Prints `{ result, panels: [{ title, options, answers }], from, to }` as JSON.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSpec } from '../../../exporter/dist/config/parse.js';
import { backfillText } from '../../../exporter/dist/metrics/backfill.js';
import { machineFacts } from '../../../exporter/dist/server/machine.js';
import { retainedRun } from '../../../exporter/dist/server/past-runs.js';
import { VirtualRun } from '../../../exporter/dist/virtual/virtual-run.js';

const SPEC = `
name: three-levels
target: { url: 'http://127.0.0.1:8000' }
load: { levels: [4, 8, 16], prime: 4s, warmup: 4s, measure: { duration: 20s, minSamples: 20 }, cooldown: 2s }
workload: { kind: synthetic, inputTokens: 256, outputTokens: 64, ignoreEos: true, seed: 42 }
slo: { ttft: { p95: 200ms }, tpot: { p95: 30ms } }
`;
const STEP = 5;
const ROOT = new URL('../../../', import.meta.url);

async function sweep(dir) {
  const { spec } = parseSpec(SPEC, { sourceName: 'spec' });
  const run = new VirtualRun({
    spec: { ...spec, output: { ...spec.output, dir } },
    profile: 'l4-qwen0.5b',
    overrides: { maxNumSeqs: 8 },
    seed: 7,
    startEpoch: 1_767_225_600,
    environment: machineFacts().environment,
    warn: () => undefined,
  });
  const active = await run.drive(run.sidecar.launch({ spec: { ...spec, output: { ...spec.output, dir } } }));
  await run.drive(active.done);
  return JSON.parse(readFileSync(join(active.dir, 'result.json'), 'utf8'));
}

function freePort() {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** A Prometheus over `dir/data`; `stop` ends it. */
async function prometheusOver(dir) {
  const port = await freePort();
  writeFileSync(join(dir, 'prometheus.yml'), '');
  const flags = [`--config.file=${dir}/prometheus.yml`, `--storage.tsdb.path=${dir}/data`];
  const child = spawn('prometheus', [...flags, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const address = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
    const ready = await fetch(`${address}/-/ready`).catch(() => null);
    if (ready?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return { address, stop: () => (child.kill('SIGTERM'), ended) };
}

/** The data source's query for one target: variables filled in as Grafana does. */
async function ask(address, { refId, expr, instant }, { run, from, to }) {
  const variables = { run, baseline: 'none', __range: `${Math.ceil(to - from)}s`, __rate_interval: '20s' };
  const query = expr.replaceAll(/\$\{?(\w+)\}?/g, (_, name) => variables[name] ?? '.*');
  const span = instant ? { time: to } : { start: from, end: to, step: STEP };
  const path = instant ? 'query' : 'query_range';
  const answer = await fetch(`${address}/api/v1/${path}`, {
    method: 'POST',
    body: new URLSearchParams({ query, ...span }),
  });
  const { status, error, data } = await answer.json();
  if (status !== 'success') throw new Error(`${query}: ${error}`);
  const result = data.result.map(({ metric, value, values }) => ({ metric, values: values ?? [value] }));
  return { refId, format: 'range', result };
}

const dir = mkdtempSync(join(tmpdir(), 'sweepscope-answers-'));
try {
  const result = await sweep(dir);
  const [from, to] = [Date.parse(result.run.startedAt) / 1000 - 10, Date.parse(result.run.endedAt) / 1000 + 10];
  const labels = { job: 'sweepscope', namespace: 'llm', instance: '10.0.0.7:9464' };
  const text = backfillText(retainedRun(result), from + 10, to - 10, { stepSeconds: STEP, shiftSeconds: 0, labels });
  writeFileSync(join(dir, 'run.om'), text);
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', join(dir, 'run.om'), join(dir, 'data')]);
  const prometheus = await prometheusOver(dir);
  const panels = [];
  try {
    for (const name of ['sweep-live', 'sweep-results']) {
      const dashboard = JSON.parse(readFileSync(new URL(`dashboards/${name}.json`, ROOT), 'utf8'));
      for (const { type, title, options, targets } of dashboard.panels) {
        if (type !== 'sweepscope-sweep-panel') continue;
        const answers = [];
        for (const target of targets) {
          answers.push(await ask(prometheus.address, target, { run: result.run.id, from, to }));
        }
        panels.push({ title, options, answers });
      }
    }
  } finally {
    await prometheus.stop();
  }
  process.stdout.write(JSON.stringify({ result, panels, from, to }));
} finally {
  rmSync(dir, { recursive: true, force: true });
}
