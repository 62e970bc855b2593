/** `npm run bench -- scrape`: what scraping servers costs this process; see docs/telemetry.md. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { RealClock } from 'sweepscope/dist/clock/real-clock.js';
import type { UpstreamSpec } from 'sweepscope/dist/config/spec.js';
import { TelemetryHub } from 'sweepscope/dist/telemetry/hub.js';
import { openHttpProbe } from 'sweepscope/dist/telemetry/open-probe.js';
import { RunTelemetry } from 'sweepscope/dist/telemetry/run-telemetry.js';
import { flagsOf } from '../flags.js';

const UPSTREAMS = 4;
const LINES = 1500;
/** Of one core. */
const BUDGET = 0.03;

const flags = flagsOf({
  quick: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  check: { type: 'boolean', default: false },
});
const seconds = flags.quick ? 10 : 30;
const settle = 5;

const wait = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time * 1000));
const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** CPU seconds per second over the next so many. */
async function load(time: number): Promise<number> {
  const [cpu, at] = [cpuSeconds(), performance.now()];
  await wait(time);
  return ((cpuSeconds() - cpu) * 1000) / (performance.now() - at);
}

const child = spawn(process.execPath, [fileURLToPath(new URL('page-server.js', import.meta.url)), String(LINES)], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [port] = (await once(child.stdout, 'data')) as [Buffer];
const clock = new RealClock();
const hub = new TelemetryHub(clock, (spec) => openHttpProbe(spec, { headers: {} }));
let written = 0;
const telemetry = new RunTelemetry({
  originSeconds: clock.now(),
  originEpoch: clock.epoch(),
  write: () => (written += 1),
});
const specs = Array.from({ length: UPSTREAMS }, (_, index): UpstreamSpec => ({
  ...{ engine: 'auto', url: `http://127.0.0.1:${port.toString().trim()}/metrics`, name: `server-${index}` },
  ...{ intervalSeconds: 1, timeoutSeconds: 5, headers: {}, raw: [], queries: {} },
}));

const idle = await load(settle);
hub.use(specs);
telemetry.follow(hub);
await wait(settle);
const before = written;
const busy = await load(seconds);
const scrapes = (written - before) / seconds;
telemetry.stop();
hub.stop();
child.kill();

const share = busy - idle;
const row = { upstreams: UPSTREAMS, linesEach: LINES, scrapesPerSecond: scrapes, coreShare: share, budget: BUDGET };
const met = share < BUDGET && scrapes > 0.9 * UPSTREAMS;
if (flags.json) console.log(JSON.stringify({ ...row, met }));
else {
  console.log(`${UPSTREAMS} upstreams of ${LINES} lines, ${scrapes.toFixed(1)} scrapes/s over ${seconds} s:`);
  console.log(`  ${(100 * share).toFixed(2)} % of a core (budget ${100 * BUDGET} %): ${met ? 'met' : 'NOT MET'}`);
}
process.exitCode = met || !flags.check ? 0 : 1;
