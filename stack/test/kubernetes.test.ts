import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { serveCommand } from '../../exporter/src/cli/commands/serve.js';
import { specOf } from '../../exporter/test/config/example-spec.js';

const TEXT = readFileSync(new URL('../../docs/kubernetes/sidecar.yaml', import.meta.url), 'utf8');
const documents = parseAllDocuments(TEXT).map((document) => document.toJS() as { kind: string });

/** The document of that kind, as far as we hold it to something. */
function the<T>(kind: string, schema: z.ZodType<T>): T {
  return schema.parse(documents.find((document) => document.kind === kind));
}

const container = z.object({
  name: z.string(),
  args: z.array(z.string()),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
  resources: z.object({ limits: z.record(z.string(), z.unknown()) }),
  securityContext: z.unknown().optional(),
  readinessProbe: z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) }),
  volumeMounts: z
    .array(z.object({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() }))
    .optional(),
});

const { spec } = the(
  'Deployment',
  z.object({
    spec: z.object({
      replicas: z.number(),
      strategy: z.object({ type: z.string() }),
      template: z.object({
        spec: z.object({
          automountServiceAccountToken: z.boolean(),
          containers: z.array(container),
          volumes: z.array(z.looseObject({ name: z.string() })),
        }),
      }),
    }),
  }),
);
const pod = spec.template.spec;
const sidecar = pod.containers.find(({ name }) => name === 'sweepscope')!;
const portNumber = (name: string): number =>
  pod.containers.flatMap(({ ports }) => ports).find((port) => port.name === name)!.containerPort;

describe('the manifest for Kubernetes', () => {
  it('has a spec that parses', () => {
    const config = the('ConfigMap', z.object({ data: z.record(z.string(), z.string()) }));
    expect(specOf(config.data['sweep.yaml']!).load.levels).toEqual([8, 16, 32, 64]);
  });

  it('starts the sidecar with flags that it has', () => {
    const known = serveCommand().options.map(({ long }) => long);
    const [command, ...flags] = sidecar.args;
    expect(command).toBe('serve');
    expect(flags.map((flag) => flag.split('=')[0]!).filter((flag) => !known.includes(flag))).toEqual([]);
  });

  it('runs one of it, and never two on one volume', () => {
    expect([spec.replicas, spec.strategy.type]).toEqual([1, 'Recreate']);
  });

  it('gives it no account, no root and no file to write but runs and temporary ones', () => {
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(sidecar.securityContext).toMatchObject({
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
    const writable = sidecar.volumeMounts!.filter(({ readOnly }) => readOnly !== true);
    expect(writable.map(({ mountPath }) => mountPath)).toEqual(['/runs', '/tmp']);
  });

  it('never throttles its CPU', () => {
    expect(Object.keys(sidecar.resources.limits)).toEqual(['memory']);
  });

  it('mounts only volumes that the pod has', () => {
    const volumes = pod.volumes.map(({ name }) => name);
    for (const { name } of sidecar.volumeMounts!) expect(volumes).toContain(name);
  });

  it('asks for its health where health is served', () => {
    expect(sidecar.readinessProbe.httpGet).toEqual({ path: '/healthz', port: 'metrics' });
  });

  it('is scraped every five seconds, as the job that the rules look for', () => {
    const monitor = the(
      'PodMonitor',
      z.object({
        spec: z.object({
          podMetricsEndpoints: z.array(
            z.object({
              port: z.string(),
              interval: z.string(),
              relabelings: z.array(z.object({ targetLabel: z.string(), replacement: z.string() })),
            }),
          ),
        }),
      }),
    );
    expect(monitor.spec.podMetricsEndpoints.find(({ port }) => port === 'metrics')).toEqual({
      port: 'metrics',
      interval: '5s',
      relabelings: [{ targetLabel: 'job', replacement: 'sweepscope' }],
    });
  });

  it('lets nobody reach its control port over the network', () => {
    const policy = the(
      'NetworkPolicy',
      z.object({ spec: z.object({ ingress: z.array(z.object({ ports: z.array(z.object({ port: z.number() })) })) }) }),
    );
    const open = policy.spec.ingress.flatMap(({ ports }) => ports.map(({ port }) => port));
    expect(open).toEqual([portNumber('http'), portNumber('metrics')]);
    expect(open).not.toContain(portNumber('control'));
  });

  it('holds no token', () => {
    expect(the('Secret', z.object({ stringData: z.object({ token: z.string() }) })).stringData.token).toBe('');
  });
});
