/** `npm test`: everything that must hold. Installs, builds, checks style and types, then runs all tests. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { bootstrap, root, runOrExit } from './bootstrap.mjs';

function need(binary, debianPackage) {
  if (spawnSync('sh', ['-c', `command -v ${binary}`]).status === 0) return;
  const apt = spawnSync('sh', ['-c', 'command -v apt-get && test "$(id -u)" = 0']).status === 0;
  if (!apt) {
    console.error(`${binary} is missing: install it first (Debian: apt-get install ${debianPackage})`);
    process.exit(1);
  }
  console.error(`installing the Debian package ${debianPackage} ...`);
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  runOrExit('apt-get', ['update', '-qq'], quiet);
  runOrExit('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debianPackage], quiet);
}

/** Starts a command beside what follows; resolves with its exit code. */
async function inBackground(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, CI: 'true' } });
  const [code] = await once(child, 'close');
  return code ?? 1;
}

const succeeds = ([command, ...args]) => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;

bootstrap();
need('promtool', 'prometheus');
need('amtool', 'prometheus-alertmanager');
need('openssl', 'openssl');
need('chromium', 'chromium');
const jest = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const filters = process.argv.slice(2);
const isWhole = filters.length === 0;
// The stack's test waits for sweeps and alerts most of its time: that is when the compilers and linters have the cores.
const stack = isWhole ? inBackground(process.execPath, [...jest, '--selectProjects', 'e2e', '--maxWorkers', '2']) : 0;
const areClean = [
  ['npx', 'tsc', '-p', 'tsconfig.json'],
  ['npx', 'tsc', '-p', 'plugin/tsconfig.json', '--noEmit'],
  ['npm', 'run', '--silent', 'lint'],
].every(succeeds);
const stackStatus = await stack; // even when the linters complain: it must end what it started
if (!areClean) process.exit(1);
// Many tests wait for sweeps of a few seconds: two at a time, on two cores too.
runOrExit(process.execPath, [...jest, ...(isWhole ? ['--ignoreProjects', 'e2e', '--maxWorkers', '2'] : filters)]);
process.exitCode = stackStatus;
