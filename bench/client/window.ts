import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientCalls, Usage } from './calls.js';
import type { Child } from './child.js';
import { CLIENT_CORE, coreBusySeconds, SIMULATOR_CORE } from './machine.js';
import { lagQuantile, readSimulator, type SimulatorReading } from './simulator-readings.js';

/** A stretch of steady load as both sides saw it. Shares are of one core's time, 0–1. */
export interface Window {
  /** CLOCK_MONOTONIC seconds. */
  from: number;
  to: number;
  chunksPerSecond: number;
  clientCpuMicrosPerChunk: number;
  clientCpuShare: number;
  simulatorCpuShare: number;
  /** Upper bound of the 99th percentile of how late the simulator wrote, seconds. */
  simulatorLagP99: number;
  /** What other processes took of the simulator's and of the client's core; NaN where the system doesn't tell. */
  othersOnSimulatorCore: number;
  othersOnClientCore: number;
  inFlight: number;
  rssBytes: number;
}

interface Edge {
  usage: Usage;
  simulator: SimulatorReading;
  busy: [simulatorCore: number, clientCore: number];
}

/** Where a window is taken. */
export interface Pair {
  client: Child<ClientCalls>;
  url: string;
}

/** How long, in all, windows may be taken again because something else ran on the cores. */
export interface Patience {
  seconds: number;
}

/**
 * Watches both processes for `seconds`, and again while other processes spoil it and patience lasts; the least disturbed
 * window counts. What the windows say of the client has no part in the choice.
 */
export async function measureWindow(pair: Pair, seconds: number, patience: Patience): Promise<Window> {
  let best = await oneWindow(pair, seconds);
  while (wasDisturbed(best) && patience.seconds >= seconds) {
    patience.seconds -= seconds;
    const again = await oneWindow(pair, seconds);
    if (disturbance(again) < disturbance(best)) best = again;
  }
  return best;
}

async function oneWindow(pair: Pair, seconds: number): Promise<Window> {
  const before = await edge(pair);
  await sleep(seconds * 1000);
  return between(before, await edge(pair));
}

async function edge({ client, url }: Pair): Promise<Edge> {
  const [usage, simulator] = await Promise.all([client.ask('usage', null), readSimulator(url)]);
  return { usage, simulator, busy: [coreBusySeconds(SIMULATOR_CORE), coreBusySeconds(CLIENT_CORE)] };
}

function between(before: Edge, after: Edge): Window {
  const seconds = after.usage.at - before.usage.at;
  const chunks = after.simulator.tokensWritten - before.simulator.tokensWritten;
  const clientCpu = after.usage.cpuSeconds - before.usage.cpuSeconds;
  const simulatorCpu = after.simulator.cpuSeconds - before.simulator.cpuSeconds;
  const others = (core: 0 | 1, own: number): number =>
    Math.max(0, after.busy[core] - before.busy[core] - own) / seconds;
  return {
    from: before.usage.at,
    to: after.usage.at,
    chunksPerSecond: chunks / seconds,
    clientCpuMicrosPerChunk: (1e6 * clientCpu) / chunks,
    clientCpuShare: clientCpu / seconds,
    simulatorCpuShare: simulatorCpu / seconds,
    simulatorLagP99: lagQuantile(before.simulator, after.simulator, 0.99),
    othersOnSimulatorCore: others(0, simulatorCpu),
    othersOnClientCore: others(1, clientCpu),
    inFlight: after.usage.inFlight,
    rssBytes: after.usage.rssBytes,
  };
}

/** The simulator had time to spare: what the client measured is not the server's queue. */
export function hadCapacity(window: Window): boolean {
  return window.simulatorCpuShare < 0.85 && window.simulatorLagP99 <= 0.005;
}

const DISTURBING_SHARE = 0.05;

/** Other processes took enough of a core to spoil the figures. */
export function wasDisturbed(window: Window): boolean {
  return disturbance(window) > DISTURBING_SHARE;
}

/** The larger share that others took of one of the two cores; 0 where the system doesn't tell. */
function disturbance({ othersOnSimulatorCore, othersOnClientCore }: Window): number {
  return Math.max(othersOnSimulatorCore, othersOnClientCore) || 0;
}
