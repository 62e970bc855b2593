/** The server of the benchmark, in a process of its own. */
import { startSimulator, type Simulator } from 'sweepscope/dist/simulator/start.js';
import type { SimulatorCalls } from './calls.js';
import { serveCalls } from './serve-calls.js';

let simulator: Simulator | null = null;

serveCalls<SimulatorCalls>({
  start: async ({ mode, itlSeconds, writeLog }) => {
    simulator = await startSimulator({
      profile: 'bench',
      port: 0,
      mode,
      overrides: { itlSeconds },
      ...(writeLog === null ? {} : { writeLog }),
    });
    return { url: simulator.url };
  },
  stop: async () => {
    await simulator?.stop();
    return null;
  },
});
