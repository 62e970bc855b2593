/**
 * `npm run test:rivals [-- --quick] [--repetitions 3] [--only vllm|simulator] [--tools sweepscope,vllm,…]`: installs vLLM,
 * GuideLLM and AIPerf when missing (PyPI, Python 3.11, 12 GB), runs them and Sweepscope at the same loads, and writes
 * docs/compared.md. The server has core 0, the tools core 1.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bootstrap, root, runOrExit } from './bootstrap.mjs';

bootstrap();
runOrExit(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'e2e/tsconfig.json']);
runOrExit(join(root, 'e2e/vllm/install.sh'), [], { stdio: ['ignore', 2, 2] });
runOrExit(join(root, 'e2e/rivals/install.sh'), [], { stdio: ['ignore', 2, 2] });
const main = [join(root, 'e2e/dist/e2e/rivals/main.js'), root, ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, main, { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
