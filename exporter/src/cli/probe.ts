import { randomBytes } from 'node:crypto';
import { RealClock } from '../clock/real-clock.js';
import type { SweepSpec } from '../config/spec.js';
import { prepareTarget } from '../sweep/prepare.js';
import { Probe, probeSpec } from '../sweep/probe.js';
import { startThreads } from '../sweep/start-load.js';
import { targetSettings } from '../sweep/target-settings.js';
import type { Host } from './host.js';

const newPrefix = (): string => `ss-${randomBytes(4).toString('hex')}`;

/** Gives the sidecar a probe of the server that `baseSpec` names, and starts it. */
export function attachProbe({ sidecar, logger }: Host, baseSpec: SweepSpec, rate: number): void {
  const clock = new RealClock();
  const spec = probeSpec(baseSpec, rate);
  const probe = new Probe({
    clock,
    spec,
    lifetime: sidecar.lifetime,
    env: process.env,
    prepare: () => prepareTarget(spec, targetSettings(spec, process.env), clock, `${newPrefix()}-check`),
    startLoad: startThreads,
    newPrefix,
    warn: (message) => logger.warn(message),
  });
  sidecar.probe = probe;
  probe.resume();
}
