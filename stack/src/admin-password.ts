import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Password of Grafana's admin. Grafana takes one only when it makes its database: what it was made with is kept beside it,
 * so that a second start in the same folder says one that works.
 */
export function adminPassword(folder: string, chosen: string | undefined): string {
  const file = join(folder, 'grafana', 'admin-password');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const password = chosen ?? randomBytes(9).toString('base64url');
  mkdirSync(join(folder, 'grafana'), { recursive: true });
  writeFileSync(file, password, { mode: 0o600 });
  return password;
}
