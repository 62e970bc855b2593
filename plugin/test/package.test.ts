/** @jest-environment node */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
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
  name: string;
  type: string;
  info: {
    author: { name: string };
    logos: { small: string; large: string };
    description: string;
    keywords: string[];
    links: { name: string; url: string }[];
    screenshots: { name: string; path: string }[];
    version: string;
    updated: string;
  };
  includes?: unknown[];
  dependencies: { grafanaDependency: string; plugins: { id: string }[] };
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Paths of all files below a folder of the plugin, relative to it. */
function files(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(ROOT, folder).length + 1))
    .sort();
}

/** What Grafana's plugin validator looks for, as far as it can be looked for here; its analyzers' names in brackets. */
describe('the metadata of the panel', () => {
  const manifest = JSON.parse(read('src/plugin.json')) as Manifest;

  it('has an id of organisation, name and type (metadata, org, typesuffix)', () => {
    expect(manifest.id).toMatch(/^[0-9a-z]+-([0-9a-z]+-)?panel$/);
    expect(manifest.type).toBe('panel');
  });

  it('has a name that is not its id, and an author (pluginname, metadatavalid)', () => {
    expect(manifest.name).not.toBe(manifest.id);
    expect(manifest.info.author.name).not.toBe('');
  });

  it('has the logos and pictures that it names (logos, screenshots, metadatapaths)', () => {
    const { logos, screenshots } = manifest.info;
    const paths = [logos.small, logos.large, ...screenshots.map(({ path }) => path)];
    expect(paths.filter((path) => !existsSync(join(ROOT, 'src', path)))).toEqual([]);
    expect(screenshots.length).toBeGreaterThanOrEqual(3);
    expect(screenshots.filter(({ name }) => name.trim() === '')).toEqual([]);
  });

  it('has pictures that are PNGs with something on them, none of them large', () => {
    for (const { path } of manifest.info.screenshots) {
      const picture = readFileSync(join(ROOT, 'src', path));
      expect(picture.subarray(0, 8)).toEqual(PNG);
      expect(picture.readUInt32BE(16)).toBeGreaterThanOrEqual(1000);
      expect(picture.length).toBeGreaterThan(10_000);
      expect(picture.length).toBeLessThan(150_000);
    }
  });

  it('has a logo that runs and loads nothing (unsafesvg)', () => {
    expect(read('src/img/logo.svg')).not.toMatch(/<script|<foreignObject|\son\w+=|href=|url\((?!#)/i);
  });

  it('describes itself in at most two sentences, with a few keywords (discoverability)', () => {
    expect(manifest.info.description.split('. ').length).toBeLessThanOrEqual(2);
    expect(new Set(manifest.info.keywords).size).toBe(manifest.info.keywords.length);
    expect(manifest.info.keywords.length).toBeGreaterThanOrEqual(3);
    expect(manifest.info.keywords.length).toBeLessThanOrEqual(10);
  });

  it('links to nothing but https (metadatavalid, brokenlinks)', () => {
    expect(manifest.info.links.length).toBeGreaterThan(0);
    expect(manifest.info.links.filter(({ name, url }) => name === '' || !url.startsWith('https://'))).toEqual([]);
  });

  it('asks for all versions of Grafana from one on (grafanadependency, restrictivedep)', () => {
    expect(manifest.dependencies.grafanaDependency).toBe('>=12.2.0');
  });

  it('depends on no plugin, and holds none (circulardependencies, includesnested, nestedmetadata)', () => {
    expect(manifest.dependencies.plugins).toEqual([]);
    expect(manifest.includes ?? []).toEqual([]);
    expect([...files('src'), ...files('dist')].filter((path) => path.endsWith('/plugin.json'))).toEqual([]);
  });
});

describe('the sources of the panel', () => {
  it('are built by the contract of create-plugin (buildtools)', () => {
    expect(read('.config/webpack/webpack.config.ts')).toContain('@grafana/create-plugin');
  });

  it('have the version of what is built from them (packagejson, version)', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    const built = JSON.parse(read('dist/plugin.json')) as Manifest;
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(built.info.version).toBe(version);
    expect(built.info.updated).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(read('CHANGELOG.md')).toContain(`## ${version}`);
  });

  it('come with a licence that the catalogue takes (license)', () => {
    expect(read('LICENSE')).toContain('Apache License');
  });

  it('have a README of their own, whose links hold wherever it is read (readme, templatereadme, brokenlinks, jargon)', () => {
    const text = read('src/README.md');
    expect(text.length).toBeGreaterThan(1000);
    expect(text).not.toMatch(/\]\((?!https:|#)|src="(?!https:)/);
    expect(text).not.toMatch(/This is a starting point|Grafana panel plugin template|\byarn\b|\bmage\b/i);
  });

  it('have a README for those who work on it, whose pictures are there', () => {
    const pictures = [...read('README.md').matchAll(/!\[[^\]]{30,}\]\(([^)]+)\)/g)].map(([, path]) => path!);
    expect(pictures.length).toBeGreaterThanOrEqual(3);
    expect(pictures.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('say how to get it, and which data frames it expects', () => {
    expect(read('src/README.md')).toMatch(/## Data[\s\S]*window_edge[\s\S]*result_ttft/);
    expect(read('src/README.md')).toMatch(/## Install/);
  });
});

describe('what is shipped', () => {
  const shipped = files('dist');

  it('is all that Grafana loads and shows, and nothing else (archive, modulejs, jsMap, changelog)', () => {
    expect(shipped.filter((path) => !path.startsWith('img/'))).toEqual([
      ...['CHANGELOG.md', 'LICENSE', 'README.md', 'module.js', 'module.js.map', 'plugin.json'],
    ]);
    expect(shipped.filter((path) => path.startsWith('img/') && !/\.(svg|png)$/.test(path))).toEqual([]);
  });

  it('can be executed by nobody (binarypermissions)', () => {
    expect(shipped.filter((path) => (statSync(join(ROOT, 'dist', path)).mode & 0o111) !== 0)).toEqual([]);
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
    ['asks no data source behind Grafana’s back', /\/api\/ds\/query/],
    ['uses no styles of old Grafana', /gf-form|<Global\b/],
    ['reaches for nothing outside of its panel', /document\.(querySelector|getElementById|body|head)\b/],
    ['keeps nothing in the browser', /localStorage|sessionStorage|indexedDB|document\.cookie/],
    ['tracks nobody', /google-analytics|gtag\(|sendBeacon|XMLHttpRequest|\bfetch\(/],
    ['uses nothing that React 19 removed', /findDOMNode|ReactDOM\.render|\.defaultProps|propTypes|__SECRET_INTERNALS/],
    ['moves nothing, so that nothing has to stand still where motion is unwanted', /transition|animation|@keyframes/],
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
