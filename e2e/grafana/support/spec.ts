import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Addresses that are known only when everything has a port. */
export interface Addresses {
  server: string;
  gpus: string;
  grafana: string;
}

/** Variable that the token for annotations is in. */
export const TOKEN_ENV = 'GRAFANA_TOKEN';

/** Writes the spec with what it scrapes and where it annotates; returns the new file. */
export function withAddresses(file: string, folder: string, { server, gpus, grafana }: Addresses): string {
  const more = [
    'telemetry:',
    `  - { engine: vllm, url: '${server}/metrics', interval: 1s }`,
    `  - { engine: dcgm, url: 'http://${gpus}/metrics', interval: 1s }`,
    `grafana: { url: '${grafana}', tokenEnv: ${TOKEN_ENV} }`,
  ];
  const spec = join(folder, 'spec.yaml');
  writeFileSync(spec, `${readFileSync(file, 'utf8')}${more.join('\n')}\n`);
  return spec;
}
