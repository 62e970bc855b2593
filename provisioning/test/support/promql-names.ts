const KEYWORDS = new Set([
  'and',
  'or',
  'unless',
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'offset',
  'bool',
  'inf',
  'nan',
]);

/** Names of the metrics that a PromQL expression reads, those of `__name__=~"a|b"` included. */
export function metricNames(expr: string): string[] {
  const names = new Set<string>();
  for (const [, alternatives] of expr.matchAll(/__name__=~"([^"$]*)"/g)) {
    for (const name of alternatives!.split('|')) names.add(name);
  }
  const bare = expr
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
    .replaceAll(/\{[^}]*\}/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
    .replaceAll(/\boffset\s+\w+/g, ' ');
  for (const { 0: word, index } of bare.matchAll(/[a-zA-Z_:][\w:]*/g)) {
    const isFunction = /^\s*\(/.test(bare.slice(index + word.length));
    const isPartOfNumber = /[\d.]$/.test(bare.slice(0, index));
    if (!isFunction && !isPartOfNumber && !KEYWORDS.has(word.toLowerCase())) names.add(word);
  }
  return [...names];
}
