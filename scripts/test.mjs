/** `npm test`: everything that must hold. Installs, builds, checks style and types, then runs all tests. */
import { spawnSync } from 'node:child_process';
import { bootstrap, root, runAllOrExit, runOrExit } from './bootstrap.mjs';

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

bootstrap();
need('promtool', 'prometheus');
need('amtool', 'prometheus-alertmanager');
need('openssl', 'openssl');
need('chromium', 'chromium');
const rules = ['depcruise', '--config', '.dependency-cruiser.cjs', 'exporter/src'];
await runAllOrExit(
  [
    ['tsc', '-p', 'tsconfig.json'],
    ['tsc', '-p', 'plugin/tsconfig.json', '--noEmit'],
    ['eslint', '.'],
    ['prettier', '--check', '.'],
    rules,
  ].map((check) => ['npx', ...check]),
);
const jest = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
runOrExit(process.execPath, [...jest, ...process.argv.slice(2)], { cwd: root });
