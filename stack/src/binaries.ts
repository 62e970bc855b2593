import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { StackError } from './stack-error.js';

/** Programs that the stack runs: names they go by, and where to get them. */
const PROGRAMS = {
  prometheus: { names: ['prometheus'], get: 'apt-get install prometheus, or https://prometheus.io/download' },
  alertmanager: {
    names: ['alertmanager', 'prometheus-alertmanager'],
    get: 'apt-get install prometheus-alertmanager, or https://prometheus.io/download',
  },
} as const;

export type Program = keyof typeof PROGRAMS;

/** Path of the program in the folders of `path` (as the environment has it). @throws StackError when it is in none */
export function findProgram(program: Program, path: string): string {
  const { names, get } = PROGRAMS[program];
  for (const name of names) {
    const found = path
      .split(delimiter)
      .map((folder) => join(folder, name))
      .find(isProgram);
    if (found !== undefined) return found;
  }
  throw new StackError(`${names.join(' or ')} is not on the PATH: ${get}`);
}

/** Grafana's server in an unpacked release. @throws StackError when there is none */
export function findGrafana(home: string): string {
  const found = [join(home, 'bin/grafana'), join(home, 'bin/grafana-server')].find(isProgram);
  if (found === undefined)
    throw new StackError(`GRAFANA_HOME is ${home}, and there is no bin/grafana in it: unpack a Grafana release there`);
  return found;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
