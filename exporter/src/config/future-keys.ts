/** Parts of the design that this version does not have: refused with a clear word, never silently ignored. */
const FUTURE: Readonly<Record<string, string>> = {
  'load.search': 'list the levels instead, e.g. levels: "8..64*2"',
  telemetry: 'remove it; servers are not scraped yet',
};

/** What to do instead of a key that a later version will have; null when the key is none of those. */
export function futureKeyHint(path: string): string | null {
  return FUTURE[path] ?? null;
}
