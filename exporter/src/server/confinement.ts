import type { SweepSpec } from '../config/spec.js';
import type { Problem } from './sweep-service.js';

const HINT = "only the sidecar's own configuration (--config) may name it; leave it out, or write it there";

/** What in a spec reaches into this machine or steers another one: secrets' names, files, the reset hook. Path → value. */
function reaches(spec: SweepSpec): Map<string, string> {
  const found = new Map<string, string>();
  const note = (path: string, value: string | null | undefined): void => {
    if (value !== null && value !== undefined) found.set(path, value);
  };
  const { target, workload, grafana } = spec;
  note('target.apiKeyEnv', target.apiKeyEnv);
  note('target.tls.ca', target.tls.caFile);
  note('target.tls.cert', target.tls.certFile);
  note('target.tls.key', target.tls.keyFile);
  for (const [name, value] of Object.entries(target.headers)) {
    if (value.includes('${')) note(`target.headers.${name}`, value);
  }
  for (const { url, name, headers } of spec.telemetry === 'auto' ? [] : spec.telemetry) {
    for (const [header, value] of Object.entries(headers)) {
      if (value.includes('${')) note(`telemetry[${name}].headers.${header}`, `${url} ${value}`);
    }
  }
  const { resetCache } = spec.load;
  if (resetCache !== null) note('load.resetCache', JSON.stringify(resetCache));
  if (workload.kind === 'dataset') note('workload.path', workload.path);
  if (workload.kind === 'conversation' && workload.followUp.kind === 'model') {
    note('workload.followUp.model.apiKeyEnv', workload.followUp.apiKeyEnv);
  }
  // A Grafana is a server that we write to: only the sidecar's own.
  note('grafana.url', grafana?.url);
  note('grafana.tokenEnv', grafana?.tokenEnv);
  return found;
}

/**
 * Where a spec that came by the API would read files or secrets that the sidecar's own spec does not: whoever may
 * start sweeps may not thereby read this machine or send its keys elsewhere.
 */
export function confinementProblems(spec: SweepSpec, own: SweepSpec | null): Problem[] {
  const permitted = own === null ? new Map<string, string>() : reaches(own);
  const sameTarget = own !== null && new URL(own.target.url).origin === new URL(spec.target.url).origin;
  return [...reaches(spec)]
    .filter(([path, value]) => permitted.get(path) !== value || (path.startsWith('target.') && !sameTarget))
    .map(([path]) => ({ path, message: 'may not be set by a request', hint: HINT }));
}
