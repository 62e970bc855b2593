import type { SweepSpec } from '../config/spec.js';
import type { LiveState, RetainedRun } from '../metrics/sources.js';
import { PROBE_RUN, type Probe } from '../sweep/probe.js';

/** The probe as the live state shows it; null while there is none or it does nothing. */
export function probeLive(probe: Probe | null): LiveState | null {
  const reading = probe?.read() ?? null;
  if (reading === null) return null;
  const { users, ...rest } = reading;
  return {
    run: PROBE_RUN,
    phase: 'probe',
    level: users,
    snapshot: 0,
    repetition: 0,
    progressRatio: 0,
    alertsMuted: false,
    ...rest,
  };
}

/** The probe among the runs: alerts read its objectives there. It has neither windows nor results, and never ends. */
export function probeRun(spec: SweepSpec): RetainedRun {
  return {
    run: PROBE_RUN,
    info: {
      name: spec.name,
      model: spec.target.model ?? '',
      mode: String(spec.deployment['mode'] ?? 'unknown'),
      workload: spec.workload.kind,
      arrival: spec.load.arrival,
    },
    end: null,
    objectives: spec.slo.latency,
    windows: [],
    levels: [],
    conclusions: null,
  };
}
