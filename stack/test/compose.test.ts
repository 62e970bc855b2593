import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { COMPOSE_ADDRESSES } from '../../provisioning/src/prometheus-config.js';
import { GRAFANA_ENV } from '../src/services.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TEXT = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');

/** What we hold a service to; compose knows more keys. */
const serviceSchema = z.strictObject({
  image: z.string().regex(/^[\w./-]+:v?\d+\.\d+\.\d+$/, 'a full version'),
  build: z.string().optional(),
  profiles: z.array(z.string()).optional(),
  user: z.string().refine((user) => user !== 'root' && user !== '0', 'not root'),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  tmpfs: z.array(z.string()).optional(),
  ports: z.array(z.string().startsWith('127.0.0.1:', 'on the loopback only')).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.literal('service_healthy') })).optional(),
  healthcheck: z.strictObject({
    test: z.array(z.string()),
    interval: z.string(),
    timeout: z.string(),
    retries: z.number(),
  }),
  stop_grace_period: z.string().optional(),
  restart: z.literal('unless-stopped'),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal('ALL')]),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  logging: z.object({ driver: z.string(), options: z.record(z.string(), z.string()) }),
});

const compose = z
  .strictObject({
    name: z.literal('sweepscope'),
    'x-service': z.unknown(),
    services: z.record(z.string(), serviceSchema),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(TEXT, { merge: true }));

const services = Object.entries(compose.services);
const defaults = (text: string): string => text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
const mounts = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => defaults(volume).split(':')));

/** Made by `npm run build`. */
const BUILT = ['./plugin/dist'];

describe('docker-compose.yml', () => {
  it('has the services of the stack', () => {
    expect(services.map(([name]) => name).sort()).toEqual([
      'alertmanager',
      'grafana',
      'prometheus',
      'simulator',
      'sweepscope',
    ]);
  });

  it('mounts only what exists, and never writable', () => {
    for (const [source, , mode] of mounts.filter(([source]) => source!.startsWith('.'))) {
      expect(mode).toBe('ro');
      expect([source, BUILT.includes(source!) || existsSync(join(ROOT, source!))]).toEqual([source, true]);
    }
  });

  it('declares the volumes that it writes to', () => {
    const named = mounts.map(([source]) => source!).filter((source) => !source.startsWith('.'));
    expect(named.sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  it('has a default for every variable, and explains it', () => {
    const docs = readFileSync(join(ROOT, 'docs/stack.md'), 'utf8');
    const code = TEXT.replaceAll(/^\s*#.*$/gm, '');
    const used = [...new Set([...code.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name!))];
    expect(used.length).toBeGreaterThan(5);
    for (const name of used) expect([name, docs.includes(`\`${name}\``)]).toEqual([name, true]);
    expect(code.match(/\$\{\w+\}|\$[A-Z]/g)).toBeNull();
  });

  it('holds no secret', () => {
    for (const [, { environment = {} }] of services) {
      for (const [name, value] of Object.entries(environment)) {
        if (/TOKEN|PASSWORD|SECRET|KEY/.test(name)) expect(defaults(value)).toBe('');
      }
    }
  });

  it('names its services as prometheus.yml does', () => {
    const addresses = [COMPOSE_ADDRESSES.sidecar, ...COMPOSE_ADDRESSES.servers, COMPOSE_ADDRESSES.alertmanager];
    for (const address of addresses) expect(Object.keys(compose.services)).toContain(address.split(':')[0]);
  });

  it('sets Grafana up as the native stack does', () => {
    expect(compose.services['grafana']!.environment).toMatchObject(GRAFANA_ENV);
  });

  it('builds from a Dockerfile that copies only what exists, and does not run as root', () => {
    const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
    const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, list]) =>
      list!.split(' ').slice(0, -1),
    );
    for (const source of sources) expect([source, existsSync(join(ROOT, source))]).toEqual([source, true]);
    const last = dockerfile.split(/^FROM /m).at(-1)!;
    expect(last).toMatch(/^USER node$/m);
    for (const [, image] of dockerfile.matchAll(/^FROM (\S+)/gm)) expect(image).toMatch(/:\d+\.\d+\.\d+-/);
  });
});
