import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { buildRegistry } from '../../src/metrics/registry.js';
import { fullSources, idleSources } from './sample-sources.js';

/** What `promtool check metrics` prints and answers. */
function checkMetrics(text: string): { output: string; status: number | null } {
  const { error, stdout, stderr, status } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  if (error !== undefined) {
    throw new Error(`promtool could not be run (${error.message}); install it: apt-get install prometheus`);
  }
  return { output: stdout + stderr, status };
}

describe('promtool check metrics', () => {
  it('has nothing to say about a process that has measured all it can', async () => {
    expect(checkMetrics(await buildRegistry(fullSources()).metrics())).toEqual({ output: '', status: 0 });
  });

  it('has nothing to say about an idle process', async () => {
    expect(checkMetrics(await buildRegistry(idleSources()).metrics())).toEqual({ output: '', status: 0 });
  });
});
