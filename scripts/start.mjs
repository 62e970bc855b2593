/** `npm start`: the demo. Simulator, sidecar and the quick sweep in one process group, live in this terminal. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bootstrap, root } from './bootstrap.mjs';

bootstrap();
const child = spawn(process.execPath, [join(root, 'exporter/bin/sweepscope.js'), 'demo', ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: root,
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
