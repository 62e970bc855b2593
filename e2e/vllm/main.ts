/** `npm run test:vllm`: sweeps a real vLLM and holds our figures against the server's own. */
import { join } from 'node:path';
import { compareLevels, compareTotals, type Comparison, type LevelComparison } from './compare.js';
import { prepareVllm, startVllm, type VllmOptions, type VllmServer } from './server.js';
import { checkTelemetry, recordPage, type ExpectedCause } from './telemetry.js';
import { watchedSweep } from './sweep.js';

const [root, ...words] = process.argv.slice(2) as [string, ...string[]];
const isRecording = words.includes('record');
const only = words.find((word) => word !== 'record');
const RECORDED = 'exporter/test/fixtures/telemetry/recorded-vllm.prom';
const SLOTS = 8;

/** A sweep and the server that it needs. */
interface Workload {
  name: string;
  server: Omit<VllmOptions, 'log'>;
  expected: ExpectedCause;
}

const ROOMY = { maxNumSeqs: SLOTS, maxModelLen: 8192, kvCacheGiB: 1, kvCacheBlocks: null };
/** Holds the start of four requests, and not their ends: the youngest are preempted. */
const CRAMPED = { ...ROOMY, maxModelLen: 1024, kvCacheBlocks: 14 };
const SLOT_LIMIT: ExpectedCause = { free: SLOTS, cause: 'admission_limit', text: `S = ${SLOTS}` };
const FULL_CACHE: ExpectedCause = { free: 1, cause: 'kv_pressure', text: 'the KV cache is full' };
const KNOWN: readonly Workload[] = [
  { name: 'synthetic', server: ROOMY, expected: SLOT_LIMIT },
  { name: 'conversation', server: ROOMY, expected: SLOT_LIMIT },
  { name: 'pressure', server: CRAMPED, expected: FULL_CACHE },
];
const workloads = KNOWN.filter(({ name }) => only === undefined || name === only);
if (workloads.length === 0)
  throw new Error(`there is no workload "${only ?? ''}"; there are ${KNOWN.map(({ name }) => name).join(', ')}`);

const ms = (seconds: number): string => `${(seconds * 1000).toFixed(1)} ms`;
const signed = ({ client, server }: Comparison): string =>
  `${client >= server ? '+' : '−'}${ms(Math.abs(client - server))}`;
const side = (comparison: Comparison): string =>
  `${ms(comparison.client)} / ${ms(comparison.server)} (${signed(comparison)}${comparison.pass ? '' : ' TOO FAR'})`;

function tell(level: LevelComparison): void {
  const parts = [level.ttft, level.tpot, level.latency].map((comparison) => `${comparison.what} ${side(comparison)}`);
  console.log(
    `  ${String(level.load).padStart(3)} users, n ${level.requests}: ${parts.join(', ')}, server queue ${ms(level.queueSeconds)}`,
  );
}

async function testWorkload({ name, expected }: Workload, serverUrl: string): Promise<number> {
  console.log(`\n${name}: client / server's own mean`);
  const spec = join(root, 'e2e/vllm', `${name}.yaml`);
  const sweep = await watchedSweep(join(root, 'exporter/bin/sweepscope.js'), spec, serverUrl);
  const totals = await compareTotals(sweep);
  for (const { what, client, server, pass } of totals)
    console.log(`  ${what}: ${client} / ${server}${pass ? '' : ' DIFFERENT'}`);
  const levels = await compareLevels(sweep);
  levels.forEach(tell);
  console.log(`  run ${sweep.dir}`);
  const queueing = levels
    .filter((level) => level.load > expected.free)
    .every((level) => level.ttft.client > 3 * levels[0]!.ttft.client);
  if (!queueing) console.log(`  waiting beyond ${expected.free} users does not show in TTFT`);
  const seen = checkTelemetry(sweep, expected);
  for (const { text, pass } of seen) console.log(`  ${text}${pass ? '' : ' WRONG'}`);
  if (sweep.exitCode !== 0) console.log(`  the sweep itself ended with exit code ${sweep.exitCode}`);
  const comparisons: { pass: boolean }[] = [
    ...seen,
    ...totals,
    ...levels.flatMap((level) => [level.ttft, level.latency]),
  ];
  return (
    comparisons.filter((comparison) => !comparison.pass).length + (queueing ? 0 : 1) + (levels.length === 0 ? 1 : 0)
  );
}

await prepareVllm((line) => console.log(line));
let failed = 0;
let server: VllmServer | null = null;
try {
  for (const [index, workload] of workloads.entries()) {
    if (workload.server !== workloads[index - 1]?.server) {
      await server?.stop();
      server = await startVllm({ ...workload.server, log: (line) => console.log(line) });
    }
    failed += await testWorkload(workload, server!.url);
    if (isRecording && workload.server === ROOMY) await recordPage(server!.url, join(root, RECORDED));
  }
} finally {
  await server?.stop();
}
console.log(failed === 0 ? '\nall comparisons hold' : `\n${failed} comparisons do not hold`);
process.exitCode = failed === 0 ? 0 : 1;
