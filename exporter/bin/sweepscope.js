#!/usr/bin/env -S node --single-threaded-gc --max-semi-space-size=4
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (!existsSync(fileURLToPath(main))) {
  console.error('sweepscope is not built yet: run "npm start" or "npm run build" in the repository first');
  process.exit(1);
}
await import(main.href);
