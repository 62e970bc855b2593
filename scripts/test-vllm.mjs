/** `npm run test:vllm [-- synthetic|conversation] [record]`: installs a real vLLM for CPUs when missing, and runs e2e/vllm. */
import { join } from 'node:path';
import { bootstrap, root, runOrExit } from './bootstrap.mjs';

bootstrap();
runOrExit('npx', ['tsc', '-p', 'e2e/tsconfig.json']);
runOrExit(process.execPath, [join(root, 'e2e/dist/e2e/vllm/main.js'), root, ...process.argv.slice(2)]);
