/** `npm run pictures [-- --only 001] [-- --runs FOLDER]`: the published sweeps as the panel shows them, into docs/img. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bootstrap, root, runOrExit } from './bootstrap.mjs';

bootstrap();
runOrExit(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'bench/tsconfig.json']);
const program = join(root, 'bench/dist/pictures/main.js');
const { status } = spawnSync(process.execPath, [program, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
