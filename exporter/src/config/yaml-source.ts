import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import type { SpecProblem } from './problems.js';

/** Aliases may repeat a part of the document this often before it counts as an attack. */
const MAX_ALIASES = 100;

/** A YAML text as plain values that know their lines. */
export interface YamlSource {
  value: unknown;
  /** Line (from 1) of the path, or of the nearest part above it that is written; null when nothing is. */
  lineOf(path: readonly PropertyKey[]): number | null;
}

/** Reads YAML 1.2 (hence JSON too). Syntax errors and unknown tags come back as problems, with their lines. */
export function readYaml(text: string, source: string | null): YamlSource | { problems: SpecProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = [...document.errors, ...document.warnings].map((fault): SpecProblem => {
    const message = `is not valid YAML: ${fault.message}`;
    return { path: '', message, hint: null, line: lines.linePos(fault.pos[0]).line, source };
  });
  if (faults.length > 0) return { problems: faults };
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { value, lineOf: (path) => lineOf(document, lines, path) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problems: [{ path: '', message: `cannot be read: ${reason}`, hint: null, line: null, source }] };
  }
}

function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | null {
  let node: unknown = document.contents;
  let line: number | null = null;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    let place: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      place = pair?.key;
      node = pair?.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      place = node;
    } else return line;
    const offset = (place as Node | undefined)?.range?.[0];
    if (offset === undefined) return line;
    line = lines.linePos(offset).line;
  }
  return line;
}
