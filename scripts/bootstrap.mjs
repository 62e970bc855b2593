/**
 * Makes a fresh or changed clone ready to run: installs what package-lock.json names when node_modules is missing or
 * stale, and compiles when a source is newer than the last build. Needs nothing but Node and npm.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const installStamp = join(root, 'node_modules', '.sweepscope-install');
const buildStamp = join(root, 'exporter', 'dist', '.sweepscope-build');
const OLDEST = [20, 19];

/** Runs a command with the terminal's own streams; ends this process with its exit code when it fails. */
export function runOrExit(command, args, options = {}) {
  const { status, error, signal } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) {
    console.error(`cannot run ${command}: ${error.message}`);
    process.exit(1);
  }
  if (status !== 0) process.exit(status ?? (signal ? 1 : 0));
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  console.error(`Sweepscope needs Node ${OLDEST.join('.')} or newer, this is ${process.versions.node}`);
  process.exit(1);
}

function newestChange(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestChange(path) : statSync(path).mtimeMs);
  }
  return newest;
}

function installed(lockHash) {
  return existsSync(installStamp) && readFileSync(installStamp, 'utf8') === lockHash;
}

function built() {
  const sources = ['exporter/src', 'plugin/src', 'plugin/host/src'].map((folder) => newestChange(join(root, folder)));
  return existsSync(buildStamp) && statSync(buildStamp).mtimeMs >= Math.max(...sources);
}

export function bootstrap() {
  checkNode();
  const lockHash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  if (!installed(lockHash)) {
    console.error('installing dependencies (npm ci) ...');
    runOrExit(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    writeFileSync(installStamp, lockHash);
  }
  if (!built()) {
    console.error('compiling ...');
    runOrExit(npm, ['run', 'build', '--silent']);
    mkdirSync(join(root, 'exporter', 'dist'), { recursive: true });
    writeFileSync(buildStamp, new Date().toISOString());
  }
}

/** Compiles what makes the dashboards, the provisioning and the native stack. */
export function compileStack() {
  runOrExit(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'stack/tsconfig.json']);
}
