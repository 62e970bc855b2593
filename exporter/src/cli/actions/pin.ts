import { setPinned } from '../../store/runs.js';
import { orCliError, runFolder } from '../stored-run.js';

/** Pins a run, or takes its pin away. */
export function pin(run: string, { out, remove = false }: { out: string; remove?: boolean }): void {
  const dir = runFolder(out, run);
  orCliError(() => setPinned(dir, !remove));
  console.log(`${remove ? 'unpinned' : 'pinned'} ${dir}`);
}
