const MASK = '[redacted]';
/** Shorter ones would mask ordinary words and are no secrets. */
const MIN_SECRET_LENGTH = 4;

/** Credentials that show by their place or shape, whether known or not. */
const PATTERNS: readonly [RegExp, string][] = [
  [/(\bbearer\s+)[A-Za-z0-9._~+/=-]{6,}/gi, `$1${MASK}`],
  [/(\b[Bb]asic\s+)(?=[A-Za-z+/]*[A-Z0-9])[A-Za-z0-9+/]{6,}={0,2}/g, `$1${MASK}`],
  [/([?&](?:token|key|api[-_]?key|access[-_]token|sig|signature)=)[^&\s"'\\#]+/gi, `$1${MASK}`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"'\\]+@/gi, `$1${MASK}@`],
  [/\bsk-[A-Za-z0-9_-]{8,}/g, MASK],
];

export type Redactor = (text: string) => string;

/**
 * A function that masks the given secrets, in any spelling they take in JSON and URLs, and whatever shows by its place
 * to be a credential: bearer and basic tokens, keys in a query, a URL's user and password, `sk-…` keys.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const spellings = secrets
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
    .sort((a, b) => b.length - a.length);
  const known = [...new Set(spellings)];
  return (text) => {
    let masked = text;
    for (const spelling of known) masked = masked.replaceAll(spelling, MASK);
    for (const [pattern, replacement] of PATTERNS) masked = masked.replace(pattern, replacement);
    return masked;
  };
}
