/** `npm start`: the demo. Simulator, sidecar and the quick sweep in one process group, live in this terminal. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, root } from './bootstrap.mjs';

bootstrap();
const nodeFlags = JSON.parse(readFileSync(join(root, 'exporter/bin/node-flags.json'), 'utf8'));
const program = [...nodeFlags, join(root, 'exporter/bin/sweepscope.js'), 'demo', ...process.argv.slice(2)];
const child = spawn(process.execPath, program, {
  stdio: 'inherit',
  cwd: root,
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
