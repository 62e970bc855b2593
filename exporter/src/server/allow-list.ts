import type { SweepSpec, UpstreamSpec } from '../config/spec.js';

/** `https://host`, `http://host:8000`, `http://*.models.svc:8000` (any name below), `http://127.0.0.1:*` (any port). */
interface Rule {
  protocol: string;
  /** Lower case, without a trailing dot; for `*.suffix` the suffix with its leading dot. */
  host: string;
  subdomains: boolean;
  /** null: any. */
  port: string | null;
}

const UNSAFE_CHARACTERS = /[\s\\\p{Cc}]/u;

function parseUrl(text: string): URL | null {
  if (UNSAFE_CHARACTERS.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  const plain = url.username === '' && url.password === '' && !/^[a-z]+:\/*[^/?#]*@/i.test(text);
  return plain && (url.protocol === 'http:' || url.protocol === 'https:') ? url : null;
}

const hostOf = (url: URL): string => url.hostname.toLowerCase().replace(/\.$/, '');
const portOf = (url: URL): string => (url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port);

function parseRule(entry: string): Rule | null {
  const anyPort = /:\*\/?$/.test(entry);
  const url = parseUrl(anyPort ? entry.replace(/:\*\/?$/, '') : entry);
  if (url === null || url.pathname !== '/' || url.search !== '' || url.hash !== '') return null;
  const host = hostOf(url);
  const subdomains = host.startsWith('*.');
  const name = subdomains ? host.slice(1) : host;
  if (name.includes('*') || name.length < 2) return null;
  return { protocol: url.protocol, host: name, subdomains, port: anyPort ? null : portOf(url) };
}

/** Entries of an allow-list that could never match, in words; to be refused when the sidecar starts. */
export function allowListProblems(allowList: readonly string[]): string[] {
  return allowList
    .filter((entry) => entry !== '*' && parseRule(entry) === null)
    .map(
      (entry) =>
        `allowed target "${entry}" is not an origin: write http://host:port, http://*.domain:port or http://host:*, ` +
        'without path, user or password',
    );
}

/**
 * Whether requests may be sent to `url`: its origin must be that of an entry of the list. Entries are origins, with
 * `*.` before a domain for every name below it and `:*` for every port; the single entry `*` allows every http(s)
 * origin. URLs with user info, other schemes, white space or backslashes are refused whatever the list says. Hosts
 * and ports are compared normalised (case, default port, other spellings of an IPv4 address, trailing dot).
 */
export function isAllowedTarget(url: string, allowList: readonly string[]): boolean {
  const parsed = parseUrl(url);
  if (parsed === null) return false;
  const host = hostOf(parsed);
  return allowList.some((entry) => {
    if (entry === '*') return true;
    const rule = parseRule(entry);
    if (rule === null || rule.protocol !== parsed.protocol) return false;
    if (rule.port !== null && rule.port !== portOf(parsed)) return false;
    return rule.subdomains ? host.endsWith(rule.host) && host.length > rule.host.length : host === rule.host;
  });
}

/**
 * Of all URLs that a spec would send requests to (the target, a model that writes follow-ups, upstreams that are scraped),
 * those not allowed. Upstreams that the sidecar's own spec names are.
 */
export function forbiddenUrls(spec: SweepSpec, allowList: readonly string[], own: SweepSpec | null = null): string[] {
  const { target, workload } = spec;
  const urls = [target.url];
  if (workload.kind === 'conversation' && workload.followUp.kind === 'model') urls.push(workload.followUp.url);
  const ownUpstreams = upstreamUrls(own);
  urls.push(...upstreamUrls(spec).filter((url) => !ownUpstreams.includes(url)));
  return urls.filter((url) => !isAllowedTarget(url, allowList));
}

function upstreamUrls(spec: SweepSpec | null): string[] {
  return Array.isArray(spec?.telemetry) ? (spec.telemetry as readonly UpstreamSpec[]).map(({ url }) => url) : [];
}
