/** Entry point of a load thread: the load body on the real clock, talking to the main thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { RealClock } from '../clock/real-clock.js';
import { batchBuffers } from '../measure/observations.js';
import { HttpTarget } from '../target/http-target.js';
import { loadBodyParts } from './body-parts.js';
import { HealthProbe } from './health-probe.js';
import { LoadBody } from './load-body.js';
import type { LoadCommand, LoadMessage } from './types.js';
import type { WorkerSetup } from './worker-setup.js';

const HEALTH_SECONDS = 1;

const port = parentPort;
if (port === null) throw new Error('load/worker.js runs in a worker thread only');
const setup = workerData as WorkerSetup;
const clock = new RealClock();
const target = new HttpTarget(setup.target, clock);
const followUpTarget = setup.followUpTarget === null ? null : new HttpTarget(setup.followUpTarget, clock);

function post(message: LoadMessage): void {
  port!.postMessage(message, message.type === 'batch' ? batchBuffers(message.batch) : []);
}

const body = new LoadBody({ ...loadBodyParts(setup, clock, target, followUpTarget), post });

const probe = new HealthProbe(setup.plan.worker, target);
const heartbeat = setInterval(() => post({ type: 'health', health: probe.take() }), HEALTH_SECONDS * 1000);

port.on('message', (command: LoadCommand) => {
  if (command.type === 'barrier') post({ type: 'health', health: probe.take() });
  body.command(command);
  if (command.type === 'close') void shutDown();
});

async function shutDown(): Promise<void> {
  clearInterval(heartbeat);
  await Promise.all([target.close(), followUpTarget?.close()]);
  port!.close();
}
