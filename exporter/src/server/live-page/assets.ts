import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PanelAssets } from '../../report/html.js';

/** A file of the live page. */
export interface Asset {
  type: string;
  body: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  'host.js': 'text/javascript',
  'host.css': 'text/css',
  'module.js': 'text/javascript',
};

/** The built panel for a report; null where it was not built. */
export function panelAssets(): PanelAssets | null {
  const [hostScript, hostStyle, panelScript] = ['host.js', 'host.css', 'module.js'].map((name) =>
    assetFile(name)?.body.toString(),
  );
  if (hostScript === undefined || hostStyle === undefined || panelScript === undefined) return null;
  return { hostScript, hostStyle, panelScript };
}

/** The panel's build puts them beside our own; from sources they are found in the build. */
const FOLDERS = ['../../panel/', '../../../dist/panel/'];

const cache = new Map<string, Asset>();

/** One of the built files of panel and host page by its name; null for other names, and where the panel was not built. */
export function assetFile(name: string): Asset | null {
  const known = cache.get(name);
  if (known !== undefined) return known;
  if (!Object.hasOwn(TYPES, name)) return null;
  const paths = FOLDERS.map((folder) => fileURLToPath(new URL(folder + name, import.meta.url)));
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) return null;
  const asset = { type: TYPES[name]!, body: readFileSync(path) };
  cache.set(name, asset);
  return asset;
}
