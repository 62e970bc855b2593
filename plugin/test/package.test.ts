/** @jest-environment node */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(__dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

function sources(folder = join(ROOT, 'src')): { path: string; text: string }[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

interface Manifest {
  id: string;
  type: string;
  info: { logos: { small: string }; description: string; keywords: string[]; screenshots: { path: string }[] };
  dependencies: { grafanaDependency: string };
}

/** What Grafana's plugin validator looks for, as far as it can be looked for here. */
describe('the package of the panel', () => {
  const manifest = JSON.parse(read('src/plugin.json')) as Manifest;

  it('has an id of organisation, name and type', () => {
    expect(manifest.id).toMatch(/^[0-9a-z]+-([0-9a-z]+-)?panel$/);
    expect(manifest.type).toBe('panel');
  });

  it('has the logos and pictures that it names', () => {
    const paths = [manifest.info.logos.small, ...manifest.info.screenshots.map(({ path }) => path)];
    expect(paths.filter((path) => !existsSync(join(ROOT, 'src', path)))).toEqual([]);
    expect(read('src/img/logo.svg')).not.toMatch(/<script|onload|href=/);
  });

  it('describes itself in at most two sentences, with keywords', () => {
    expect(manifest.info.description.split('. ').length).toBeLessThanOrEqual(2);
    expect(manifest.info.keywords.length).toBeGreaterThan(0);
  });

  it('asks for a range of Grafana’s versions', () => {
    expect(manifest.dependencies.grafanaDependency).toBe('>=12.2.0');
  });

  it('is built by the contract of create-plugin', () => {
    expect(read('.config/webpack/webpack.config.ts')).toContain('@grafana/create-plugin');
    expect((JSON.parse(read('package.json')) as { version: string }).version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('comes with licence, change log and a README without relative links', () => {
    expect(read('LICENSE')).toContain('Apache License');
    expect(read('CHANGELOG.md')).toMatch(/^# Changelog/);
    expect(read('src/README.md')).not.toMatch(/\]\((?!https?:|#)/);
  });
});

describe('the code of the panel', () => {
  it.each([
    ['logs nothing', /console\./],
    ['asks nothing by alert, confirm or prompt', /\b(alert|confirm|prompt)\(/],
    ['touches no global of Grafana', /grafanaBootData|grafanaRuntime|__grafanaSceneContext/],
    ['evaluates no code', /\beval\(|new Function\(/],
    ['sets no markup', /dangerouslySetInnerHTML|innerHTML/],
    ['changes no address', /window\.location|window\.open/],
    ['imports no styles', /import '.*\.css'/],
    ['silences no types', /@ts-ignore|@ts-expect-error/],
    ['brings no second uPlot', /import uPlot from|import \{.*\} from 'uplot'/],
    ['uses nothing of React 19 alone', /import \{[^}]*\buse\b[^}]*\} from 'react'/],
  ])('%s', (_, pattern) => {
    expect(
      sources()
        .filter(({ text }) => pattern.test(text))
        .map(({ path }) => path),
    ).toEqual([]);
  });
});

describe('the built module', () => {
  const built = read('dist/module.js');

  it('is an anonymous AMD module that asks for nothing that Grafana does not share', () => {
    const [, ids] = /^define\((\[[^\]]*\])/.exec(built) ?? [];
    expect(JSON.parse(ids!)).toEqual(expect.arrayContaining(['react', '@grafana/data', '@grafana/ui']));
    const shared = ['react', 'react-dom', '@emotion/css', '@grafana/data', '@grafana/ui'];
    expect((JSON.parse(ids!) as string[]).filter((id) => !shared.includes(id))).toEqual([]);
  });

  it('is smaller than 150 kB and has its map', () => {
    expect(built.length).toBeLessThan(150_000);
    expect(existsSync(join(ROOT, 'dist/module.js.map'))).toBe(true);
  });

  it('has its version and date filled in', () => {
    expect(read('dist/plugin.json')).not.toContain('%');
  });
});
