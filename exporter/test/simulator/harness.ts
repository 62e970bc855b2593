import { afterEach } from '@jest/globals';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/start.js';

const running: Simulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.stop()));
});

/** A simulator with independent streams, TTFT 5 ms and ITL 1 ms unless told otherwise; stopped after the test. */
export async function simulate(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const simulator = await startSimulator({
    profile: 'bench',
    port: 0,
    mode: 'independent',
    overrides: { ttftSeconds: 0.005, itlSeconds: 0.001 },
    ...options,
  });
  running.push(simulator);
  return simulator;
}

export const chat = { model: 'bench', messages: [{ role: 'user', content: 'tell me of the river' }] };

export function post(
  simulator: Simulator,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${simulator.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export function ask(simulator: Simulator, body: object = {}, headers: Record<string, string> = {}): Promise<Response> {
  return post(simulator, '/v1/chat/completions', { ...chat, ...body }, headers);
}

export interface Chunk {
  id: string;
  object: string;
  choices: { delta?: { role?: string; content?: string }; text?: string; finish_reason: string | null }[];
  usage?: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

/** The data of all events; the last one is the text `[DONE]` when the stream is complete. */
export async function events(response: Response): Promise<string[]> {
  const blocks = (await response.text()).split('\n\n').filter((block) => block !== '');
  return blocks.map((block) => block.replace(/^data: /, ''));
}

export async function chunks(response: Response): Promise<Chunk[]> {
  return (await events(response)).filter((data) => data !== '[DONE]').map((data) => JSON.parse(data) as Chunk);
}

/** Looks again each few milliseconds until `condition` holds; the test's own time-out ends it otherwise. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
