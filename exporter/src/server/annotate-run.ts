import type { Clock } from '../clock/clock.js';
import type { SweepSpec } from '../config/spec.js';
import type { Environment } from '../target/secrets.js';
import { GrafanaAnnotations } from './annotations.js';

/** Annotations of a run as its spec wants them; null where it wants none, or where the token is missing. */
export function annotateRun(
  spec: SweepSpec,
  run: { runId: string; startedEpoch: number },
  { clock, env, warn }: { clock: Clock; env: Environment; warn: (message: string) => void },
): GrafanaAnnotations | null {
  if (spec.grafana === null) return null;
  const { url, tokenEnv } = spec.grafana;
  const token = tokenEnv === null ? null : (env[tokenEnv]?.trim() ?? '');
  if (token === '') {
    warn(
      `grafana.tokenEnv: the environment variable ${tokenEnv ?? ''} is not set or empty; no annotations are written`,
    );
    return null;
  }
  return new GrafanaAnnotations({ url, token, ...run, name: spec.name, clock, warn });
}
