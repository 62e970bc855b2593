import { readFileSync } from 'node:fs';
import type { FollowUp, SweepSpec, TargetSpec } from '../config/spec.js';
import type { HttpTargetConfig, TlsMaterial } from '../target/http-config.js';
import { expandHeaders, readApiKey, type Environment } from '../target/secrets.js';
import { TargetError } from '../target/target-error.js';

/** A target as the spec has it: which model it serves and what it takes is found out later. */
export type TargetSettings = Omit<HttpTargetConfig, 'model' | 'capabilities'> & { model: string | null };

/** What the spec says of the target, with secrets and certificates read. @throws TargetError when one is missing */
export function targetSettings(spec: SweepSpec, env: Environment): TargetSettings {
  const { target, request } = spec;
  return {
    baseUrl: target.url,
    model: target.model,
    endpoint: target.endpoint,
    apiKey: readApiKey(target.apiKeyEnv, env),
    headers: expandHeaders(target.headers, env),
    tls: readTls(target),
    timeouts: target.timeouts,
    temperature: request.temperature,
    extraBody: request.extraBody,
  };
}

type ModelFollowUp = Extract<FollowUp, { kind: 'model' }>;

/** The second "user" model: its own server, none of the target's headers or certificates. */
export function followUpSettings(followUp: ModelFollowUp, env: Environment): HttpTargetConfig {
  const seconds = followUp.timeoutSeconds;
  return {
    baseUrl: followUp.url,
    model: followUp.model,
    endpoint: 'chat',
    apiKey: readApiKey(followUp.apiKeyEnv, env),
    headers: {},
    tls: { ca: null, cert: null, key: null },
    timeouts: { firstTokenSeconds: seconds, idleSeconds: seconds, totalSeconds: seconds },
    capabilities: { usage: false, continuousUsage: false },
    temperature: null,
    extraBody: {},
  };
}

function readTls({ tls }: TargetSpec): TlsMaterial {
  return {
    ca: readPem('target.tls.ca', tls.caFile),
    cert: readPem('target.tls.cert', tls.certFile),
    key: readPem('target.tls.key', tls.keyFile),
  };
}

function readPem(path: string, file: string | undefined): string | null {
  if (file === undefined) return null;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TargetError('configuration', `${path}: cannot read ${file}: ${why}`);
  }
}
