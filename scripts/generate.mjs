/** `npm run generate`: writes everything that is generated from the code; tests fail while it is stale. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bootstrap, compileStack, root } from './bootstrap.mjs';

bootstrap();
compileStack();
const dist = (path) => new URL(`../exporter/dist/${path}`, import.meta.url).href;
const { generateSpecSchema } = await import(dist('config/json-schema.js'));
const { generateResultSchema } = await import(dist('report/result-schema.js'));
const { metricsMarkdown } = await import(dist('metrics/docs.js'));

const stack = (path) => new URL(`../stack/dist/${path}`, import.meta.url).href;
const { dashboardFiles } = await import(stack('dashboards/src/generated-files.js'));
const { provisioningFiles } = await import(stack('provisioning/src/generated-files.js'));

const files = {
  ...dashboardFiles(),
  ...provisioningFiles(),
  'docs/schema/sweep-spec.schema.json': generateSpecSchema(),
  'docs/schema/result.schema.json': generateResultSchema(),
  'docs/metrics.md': metricsMarkdown(),
};
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(path);
}
