import type { Endpoint } from '../config/spec.js';
import { TargetError } from './target-error.js';

/** Where an OpenAI-compatible server is asked. Paths begin with a slash and carry the base URL's query. */
export interface TargetUrls {
  /** Scheme, host and port. */
  origin: string;
  /** For messages: the URL of the generations, without credentials and query. */
  shown: string;
  generate: string;
  models: string;
  tokenize: string;
  /** `user:password` of the URL, decoded; null without. */
  credentials: string | null;
}

const GENERATE: Record<Endpoint, string> = { chat: '/chat/completions', completions: '/completions' };
const VERSION = /\/v\d+$/;

/**
 * URLs of a server from its base URL, which may end in `/v1` (or another version), in slashes, or in the endpoint
 * itself, and may carry a query that each request then repeats.
 * @throws TargetError (`configuration`) when it is no http or https URL
 */
export function targetUrls(baseUrl: string, endpoint: Endpoint): TargetUrls {
  const url = parse(baseUrl);
  let base = url.pathname.replace(/\/+$/, '');
  base = base.replace(/(\/chat)?\/completions$/, '').replace(/\/+$/, '');
  const root = base.replace(VERSION, '');
  const api = VERSION.test(base) ? base : `${base}/v1`;
  const generate = api + GENERATE[endpoint];
  return {
    origin: url.origin,
    shown: url.origin + generate,
    generate: generate + url.search,
    models: `${api}/models${url.search}`,
    tokenize: `${root}/tokenize${url.search}`,
    credentials: url.username === '' ? null : decodeURIComponent(`${url.username}:${url.password}`),
  };
}

function parse(baseUrl: string): URL {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    throw new TargetError('configuration', `target.url: "${baseUrl}" is no URL; write it as http://host:8000`);
  }
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  const problem = `target.url: "${baseUrl}" must begin with http:// or https://`;
  throw new TargetError('configuration', problem);
}
