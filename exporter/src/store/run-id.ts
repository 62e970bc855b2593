const LONGEST_SLUG = 40;

/** `20260224T141349Z-my-sweep-9f3c`: UTC time first, so that names sort by age. `epoch` in seconds, `hex` 4 digits. */
export function makeRunId(epoch: number, name: string, hex: string): string {
  const time = new Date(epoch * 1000)
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z');
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_SLUG)
    .replace(/^-+|-+$/g, '');
  return `${time}-${slug === '' ? 'sweep' : slug}-${hex}`;
}

/** Whether a folder's name is a run's. */
export const isRunId = (name: string): boolean => /^\d{8}T\d{6}Z-[a-z0-9-]+-[0-9a-f]{4}$/.test(name);
