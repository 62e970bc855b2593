/**
 * Builds the panel into dist/ and the host page into host/dist/. webpack's own CLI cannot read TypeScript on Node 20.
 * `build.mjs panel` and `build.mjs host` build one of them; `build.mjs host 12.4` the host page with the packages of that
 * Grafana, from grafana/12.4 into its dist/.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';
import webpack from 'webpack';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Imports a TypeScript file that imports no other TypeScript file; compiled beside it, so that its paths hold. */
async function importTypeScript(path) {
  const source = readFileSync(path, 'utf8');
  const { code } = transformSync(source, {
    filename: path,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  });
  const compiled = join(dirname(path), `.compiled-${process.pid}.mjs`);
  mkdirSync(dirname(compiled), { recursive: true });
  writeFileSync(compiled, code);
  try {
    return await import(pathToFileURL(compiled).href);
  } finally {
    rmSync(compiled);
  }
}

function run(configuration) {
  return new Promise((resolve, reject) => {
    webpack(configuration, (error, stats) => {
      if (error) return reject(error);
      if (stats.hasErrors()) return reject(new Error(stats.toString({ all: false, errors: true })));
      console.log(stats.toString({ all: false, assets: true, cachedAssets: true, assetsSpace: 3, timings: true }));
      resolve();
    });
  });
}

const [only, grafana] = process.argv.slice(2);
const panel = await importTypeScript(join(root, '.config/webpack/webpack.config.ts'));
if (only === undefined || only === 'panel') {
  await run(panel.panelBuild(join(root, 'dist'), new Date().toISOString().slice(0, 10)));
}
if (only === undefined || only === 'host') {
  const host = await importTypeScript(join(root, 'host/webpack.config.ts'));
  const folder = grafana === undefined ? join(root, 'host') : join(root, '../grafana', grafana);
  await run(host.hostBuild(join(folder, 'dist'), folder));
}

// The exporter serves the page at `/` and puts it into reports: it carries a copy of both.
const carried = join(root, '../exporter/dist/panel');
const files = [join(root, 'dist/module.js'), join(root, 'host/dist/host.js'), join(root, 'host/dist/host.css')];
if (files.every(existsSync)) {
  mkdirSync(carried, { recursive: true });
  for (const file of files) copyFileSync(file, join(carried, file.split('/').at(-1)));
}
