/** `npm run stack`: the whole of Sweepscope on this machine, from binaries on the PATH. */
import { bootstrap, compileStack } from './bootstrap.mjs';

bootstrap();
compileStack();
await import(new URL('../stack/dist/stack/src/main.js', import.meta.url).href);
