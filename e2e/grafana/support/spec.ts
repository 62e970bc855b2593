import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the spec with what it scrapes, which is known only now; returns the new file. */
export function withTelemetry(file: string, folder: string, server: string, gpus: string): string {
  const scraped = [
    'telemetry:',
    `  - { engine: vllm, url: '${server}/metrics', interval: 1s }`,
    `  - { engine: dcgm, url: 'http://${gpus}/metrics', interval: 1s }`,
  ];
  const spec = join(folder, 'spec.yaml');
  writeFileSync(spec, `${readFileSync(file, 'utf8')}${scraped.join('\n')}\n`);
  return spec;
}
