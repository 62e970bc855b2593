/** `npm run test:grafana`: the specs of e2e/grafana against the Grafana of GRAFANA_HOME or GRAFANA_URL. */
import { join } from 'node:path';
import { bootstrap, root, runOrExit } from './bootstrap.mjs';

bootstrap();
runOrExit('npx', ['tsc', '-p', 'e2e/tsconfig.json']);
runOrExit(process.execPath, [join(root, 'e2e/dist/e2e/grafana/main.js'), root, ...process.argv.slice(2)]);
