/** `npm run bench -- client`: measures what the client costs and how far off it is; see docs/benchmarks.md. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bootstrap, root, runOrExit } from './bootstrap.mjs';

const BENCHES = {
  client: 'bench/dist/client/main.js',
  panel: 'bench/dist/panel/main.js',
  scrape: 'bench/dist/scrape/main.js',
  'slo-search': 'bench/dist/slo-search/main.js',
};

const [name, ...args] = process.argv.slice(2);
if (name === 'rivals') {
  // Needs Python and PyPI, which the others don't: the performance part of `npm run test:rivals`.
  const script = join(root, 'scripts/test-rivals.mjs');
  process.exit(spawnSync(process.execPath, [script, '--ratios', ...args], { cwd: root, stdio: 'inherit' }).status ?? 1);
}
if (!Object.hasOwn(BENCHES, name ?? '')) {
  console.error(`usage: npm run bench -- <${[...Object.keys(BENCHES), 'rivals'].join('|')}> [its options]`);
  process.exit(1);
}
bootstrap();
runOrExit(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'bench/tsconfig.json']);
const { status } = spawnSync(process.execPath, [join(root, BENCHES[name]), ...args], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
