/** A run as `GET /api/v1/sweeps` lists it. */
export interface RunSummary {
  id: string;
  name: string;
  kind: 'sweep' | 'load' | 'workload';
  state: 'running' | 'completed' | 'aborted';
  levels: readonly number[];
  model: string | null;
  links: { stop: string; report: string };
}

/** @throws Error with what the server said and what to do */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  });
  const parsed = (await answer.json().catch(() => null)) as { error?: { message: string; hint: string } } | null;
  if (answer.ok) return parsed as T;
  if (answer.status === 401) throw new Error('the token is no longer valid: open the link that the sidecar printed');
  throw new Error(
    parsed?.error === undefined ? `HTTP ${answer.status}` : `${parsed.error.message} (${parsed.error.hint})`,
  );
}
