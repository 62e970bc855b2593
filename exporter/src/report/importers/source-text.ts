import { ImportError } from './import-error.js';
import { JsonStreamError, JsonWalker, type JsonPath, type JsonPlan } from './json-stream.js';
import type { SourceFile } from './types.js';

/** Files that are read whole may not be larger: aggregates are a thousand times smaller. */
export const LARGEST_WHOLE_BYTES = 64 * 2 ** 20;

const CUT_OFF = 'copy it again from where the tool wrote it';

/** Walks through a JSON file of any size. @throws ImportError */
export async function walkFile(
  file: SourceFile,
  plan: JsonPlan,
  onValue: (path: JsonPath, value: unknown) => void,
): Promise<void> {
  const walker = new JsonWalker(plan, onValue);
  try {
    for await (const chunk of file.chunks()) walker.write(chunk);
    walker.end();
  } catch (error) {
    if (error instanceof JsonStreamError) throw new ImportError(file.name, error.message, CUT_OFF, { cause: error });
    throw error;
  }
}

/** The text of a file that is small by its nature. @throws ImportError when it is not */
export async function wholeText(file: SourceFile): Promise<string> {
  if (file.bytes > LARGEST_WHOLE_BYTES) {
    const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
    throw new ImportError(
      file.name,
      `has ${megabytes(file.bytes)}; files of this format are read whole, up to ${megabytes(LARGEST_WHOLE_BYTES)}`,
      "import the tool's JSON instead, which is read as a stream",
    );
  }
  let text = '';
  for await (const chunk of file.chunks()) text += chunk;
  return text;
}

/** The single JSON document of a small file. @throws ImportError */
export async function wholeJson(file: SourceFile): Promise<unknown> {
  if (file.bytes > LARGEST_WHOLE_BYTES) await wholeText(file);
  const found: unknown[] = [];
  await walkFile(
    file,
    () => 'take',
    (_, value) => found.push(value),
  );
  if (found.length > 1)
    throw new ImportError(file.name, `holds ${found.length} JSON documents, one was expected`, CUT_OFF);
  return found[0];
}

/** The lines of a file, without their ends; empty ones are left out. */
export async function* linesOf(file: SourceFile): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of file.chunks()) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) if (line.trim() !== '') yield line;
  }
  if (rest.trim() !== '') yield rest;
}

/** Keys of the outermost object as far as a file's head shows them; none where it is no JSON object. */
export function topLevelKeys(head: string): Set<string> {
  const keys = new Set<string>();
  const plan: JsonPlan = (path) => {
    if (path.length === 2 && path[0] === 0) keys.add(String(path[1]));
    return path.length === 1 ? 'enter' : 'skip';
  };
  try {
    new JsonWalker(plan, () => undefined).write(head);
  } catch (error) {
    if (!(error instanceof JsonStreamError)) throw error;
  }
  return keys;
}
