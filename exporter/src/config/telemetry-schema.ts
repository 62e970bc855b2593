import * as z from 'zod';
import { DEFAULTS } from './defaults.js';
import { duration } from './duration.js';
import { expected, field, isMap, oneOf, reject, text, type Field } from './fields.js';
import { headersSchema } from './target-schema.js';
import type { TelemetrySpec, UpstreamSpec } from './spec.js';

const ENGINES = ['auto', 'vllm', 'sglang', 'trtllm', 'dynamo', 'llamacpp', 'dcgm', 'node', 'prometheus'] as const;
const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const ROLE_NAME = /^[a-z][a-z_]*$/;
const MAX_UPSTREAMS = 64;

/** An http(s) URL without user and fragment; a query is kept. */
export function pageUrl(description: string): Field<string> {
  const what = 'a URL such as http://127.0.0.1:8000/metrics';
  return field({ type: 'string', pattern: '^https?://', description }, (value, fail) => {
    const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
    if (url === null) return fail(expected(what, typeof value === 'string' && value.includes('@') ? '…' : value));
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      return fail(`must begin with http:// or https://, got ${JSON.stringify(url.protocol)}`);
    }
    if (url.username !== '' || url.password !== '') {
      return fail('must not contain a user or password', { hint: 'use headers with ${NAME}' });
    }
    return value as string;
  });
}

const metricName = field<string>(
  { type: 'string', pattern: METRIC_NAME.source, description: 'Name of a metric or of a family.' },
  (value, fail) =>
    typeof value === 'string' && METRIC_NAME.test(value) ? value : fail(expected('the name of a metric', value)),
);

const defaults = DEFAULTS.telemetry;

const upstream = z
  .strictObject({
    engine: oneOf(ENGINES, 'Whose metrics these are; auto: found out by their names.').prefault(defaults.engine),
    url: pageUrl('Page with the metrics, or base URL of a Prometheus; without a path: /metrics.'),
    name: text('a name', 'Name of this upstream; default: its host and port.').optional(),
    interval: duration('Time between two scrapes; default 1s, of a Prometheus 5s.').optional(),
    timeout: duration('Longest wait for an answer.').prefault(defaults.timeout),
    headers: headersSchema.prefault({}),
    raw: z.array(metricName).prefault([]),
    queries: z.record(z.string(), text('a query', 'PromQL that gives an instant vector.')).optional(),
  })
  .transform((written, context): UpstreamSpec => {
    const { engine, name, interval, timeout, queries = {}, ...rest } = written;
    checkQueries(engine, queries, context);
    return {
      ...rest,
      engine,
      url: withPath(written.url, engine),
      name: name ?? upstreamName(written.url),
      intervalSeconds: interval ?? (engine === 'prometheus' ? 5 : 1),
      timeoutSeconds: timeout,
      queries,
    };
  });

type Sink = Parameters<typeof reject>[0];

function checkQueries(engine: UpstreamSpec['engine'], queries: Record<string, string>, context: Sink): void {
  const names = Object.keys(queries);
  if (engine === 'prometheus' && names.length === 0) {
    const hint = 'write e.g. queries: {requests_waiting: "sum(vllm:num_requests_waiting)"}';
    reject(context, 'is missing: a Prometheus is asked by queries', { path: ['queries'], hint });
  }
  if (engine !== 'prometheus' && names.length > 0) {
    reject(context, `does not go together with engine ${engine}`, {
      path: ['queries'],
      hint: 'set engine: prometheus',
    });
  }
  for (const name of names.filter((role) => !ROLE_NAME.test(role)))
    reject(context, 'is not the name of a role', { path: ['queries', name], hint: 'docs/telemetry.md lists them' });
}

function withPath(url: string, engine: UpstreamSpec['engine']): string {
  const { pathname, search, origin } = new URL(url);
  return pathname === '/' && engine !== 'prometheus' ? `${origin}/metrics${search}` : url;
}

/** `gpu1:9400`, with the path where it is not the usual one. */
export function upstreamName(url: string): string {
  const { host, pathname } = new URL(url);
  return pathname === '/' || pathname === '/metrics' ? host : `${host}${pathname}`;
}

const list = z
  .array(upstream)
  .max(MAX_UPSTREAMS)
  .transform((upstreams, context): UpstreamSpec[] => {
    upstreams.forEach(({ name }, index) => {
      if (upstreams.findIndex((other) => other.name === name) === index) return;
      reject(context, `is the name of another upstream too: ${name}`, { path: [index], hint: 'give it a name' });
    });
    return upstreams;
  });

const WORDS = ['auto', 'none'] as const;

/** `auto` (the target's own metrics, when it has some), `none`, or a list. */
export const telemetrySchema = z
  .unknown()
  .transform((value, context): TelemetrySpec => {
    if (value === 'auto' || value === undefined) return 'auto';
    if (value === 'none' || value === null) return [];
    if (Array.isArray(value)) {
      const result = list.safeParse(value, { reportInput: true });
      if (result.success) return result.data;
      (context as { issues: unknown[] }).issues.push(...result.error.issues);
      return z.NEVER;
    }
    const hint = isMap(value) ? 'write a list: telemetry: [{engine: vllm, url: …}]' : `use one of: ${WORDS.join(', ')}`;
    reject(context, expected('a list of upstreams, auto or none', value), { hint });
    return z.NEVER;
  })
  .meta({
    anyOf: [{ type: 'string', enum: [...WORDS] }, z.toJSONSchema(z.array(upstream), { io: 'input' })],
    description: "Servers and GPUs whose metrics are read; auto: the target's own, when it shows some.",
  });
