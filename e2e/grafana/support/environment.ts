import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Pictures that the specs take; not kept in the repository. */
export const PICTURES = `${ROOT}test-pictures/grafana`;

const env = (name: string): string | undefined => (process.env[name] === '' ? undefined : process.env[name]);

export const GRAFANA_URL = env('GRAFANA_URL') ?? 'http://127.0.0.1:3000';

/** Who may read alert rules: Grafana's admin. */
export const ADMIN = `Basic ${Buffer.from(`admin:${env('GRAFANA_ADMIN_PASSWORD') ?? 'admin'}`).toString('base64')}`;

/** The sidecar whose sweeps the Grafana shows; null: none that we may start sweeps on. */
export const SIDECAR =
  env('SWEEPSCOPE_URL') === undefined || env('SWEEPSCOPE_TOKEN') === undefined
    ? null
    : { url: env('SWEEPSCOPE_URL')!, token: env('SWEEPSCOPE_TOKEN')! };

/** The system's Chromium. @throws Error when there is none */
export function chromiumPath(): string {
  const places = [env('CHROMIUM'), '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const found = places.find((place) => place !== undefined && existsSync(place));
  if (found === undefined) throw new Error('no Chromium found: install the package chromium, or set CHROMIUM');
  return found;
}
