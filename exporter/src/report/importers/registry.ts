import { ImportError } from './import-error.js';
import { aiperfImporter } from './aiperf.js';
import { guidellmImporter } from './guidellm.js';
import { seedImporter } from './seed.js';
import { topLevelKeys } from './source-text.js';
import { vllmImporter } from './vllm.js';
import type { ImportKind, ImportedRun, Importer, SourceFile } from './types.js';

/** In the order in which they are asked: the most particular first. */
const IMPORTERS: readonly Importer[] = [aiperfImporter, vllmImporter, guidellmImporter, seedImporter];

const TOOLS =
  'vLLM bench serve (JSON), GuideLLM (JSON, YAML), AIPerf (JSON, CSV, JSONL) and sweep reports (JSON, Markdown)';

const recognised = (file: SourceFile): Importer | undefined => IMPORTERS.find((importer) => importer.recognises(file));

/** Which tool wrote a file. @throws ImportError when it is none that is known */
export function detectKind(file: SourceFile): ImportKind {
  const found = recognised(file);
  if (found !== undefined) return found.kind;
  if (file.head.trim() === '')
    throw new ImportError(file.name, 'is empty', 'copy it again from where the tool wrote it');
  const keys = topLevelKeys(file.head);
  if (keys.has('schemaVersion'))
    throw new ImportError(
      file.name,
      'is a result of Sweepscope already: there is nothing to import',
      'report and compare take its folder as it is',
    );
  const seen = keys.size === 0 ? '' : ` (its keys: ${[...keys].slice(0, 6).join(', ')}${keys.size > 6 ? ', …' : ''})`;
  throw new ImportError(
    file.name,
    `is of no tool that is known${seen}`,
    `results of ${TOOLS} can be imported; --from says which it is`,
  );
}

/**
 * The runs in files, told apart by tool. `forced`: all are of this tool, whatever they look like.
 * @throws ImportError
 */
export async function readImports(files: readonly SourceFile[], forced: ImportKind | null): Promise<ImportedRun[]> {
  const kinds = files.map((file) => forced ?? (file.optional ? (recognised(file)?.kind ?? null) : detectKind(file)));
  if (kinds.every((kind) => kind === null)) {
    const names = files
      .slice(0, 3)
      .map(({ name }) => name)
      .join(', ');
    throw new ImportError(names, 'none of the files is of a tool that is known', `results of ${TOOLS} can be imported`);
  }
  const runs: ImportedRun[] = [];
  for (const importer of IMPORTERS) {
    const own = files.filter((_, index) => kinds[index] === importer.kind);
    if (own.length > 0) runs.push(...(await importer.read(own)));
  }
  return runs;
}
