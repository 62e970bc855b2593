import { stringify } from 'yaml';
import { formatDuration } from './duration.js';
import { formatByteCount, formatPercent } from './quantities.js';
import { percentileName } from './slo-schema.js';
import { writeTolerance } from './search-schema.js';
import type {
  Distribution,
  FollowUp,
  LoadSpec,
  SearchSpec,
  SloSpec,
  SweepSpec,
  TargetSpec,
  UpstreamSpec,
  WorkloadSpec,
} from './spec.js';

/** A value as people write it in YAML. */
type Written = Record<string, unknown>;

/**
 * Writes a spec as YAML with every default spelt out: `parseSpec` of it gives the same spec again. Holds no secrets,
 * because a spec has none: keys are named by `apiKeyEnv`, header values keep their `${NAME}`.
 */
export function specToYaml(spec: SweepSpec): string {
  const { name, target, request, load, workload, slo, telemetry, deployment, alertUpTo, grafana, output } = spec;
  const written: Written = {
    name,
    target: writeTarget(target),
    request: { ...request },
    load: writeLoad(load),
    workload: writeWorkload(workload),
    slo: writeSlo(slo),
    telemetry: telemetry === 'auto' ? telemetry : telemetry.map(writeUpstream),
    deployment: { ...deployment },
    alertUpTo,
    grafana: grafana === null ? null : { ...grafana },
    output: { ...output, keepBytes: formatByteCount(output.keepBytes) },
  };
  return stringify(written, { lineWidth: 0, aliasDuplicateObjects: false });
}

function writeUpstream({ intervalSeconds, timeoutSeconds, queries, engine, ...rest }: UpstreamSpec): Written {
  return {
    engine,
    ...rest,
    interval: formatDuration(intervalSeconds),
    timeout: formatDuration(timeoutSeconds),
    headers: { ...rest.headers },
    raw: [...rest.raw],
    ...(engine === 'prometheus' ? { queries: { ...queries } } : {}),
  };
}

function writeTarget({ tls, timeouts, ...rest }: TargetSpec): Written {
  return {
    ...rest,
    headers: { ...rest.headers },
    tls: {
      ...(tls.caFile === undefined ? {} : { ca: tls.caFile }),
      ...(tls.certFile === undefined ? {} : { cert: tls.certFile }),
      ...(tls.keyFile === undefined ? {} : { key: tls.keyFile }),
    },
    timeouts: {
      firstToken: formatDuration(timeouts.firstTokenSeconds),
      idle: formatDuration(timeouts.idleSeconds),
      total: formatDuration(timeouts.totalSeconds),
    },
  };
}

function writeLoad(load: LoadSpec): Written {
  const { measure, stopAfter, excludeErrorRate } = load;
  return {
    ...(load.levels.length === 0 ? {} : { levels: [...load.levels] }),
    ...(load.search === null ? {} : { search: writeSearch(load.search) }),
    arrival: load.arrival,
    ...(load.arrival === 'gamma' ? { burstiness: load.burstiness } : {}),
    targetRate: load.targetRate,
    ramp: load.rampSeconds === null ? null : formatDuration(load.rampSeconds),
    prime: formatDuration(load.primeSeconds),
    warmup: formatDuration(load.warmupSeconds),
    measure:
      measure.kind === 'requests'
        ? { requests: measure.requests }
        : {
            duration: formatDuration(measure.seconds),
            minSamples: measure.minSamples,
            maxDuration: formatDuration(measure.maxSeconds),
          },
    snapshots: load.snapshots,
    cooldown: formatDuration(load.cooldownSeconds),
    repetitions: load.repetitions,
    order: load.order,
    excludeErrorRate: excludeErrorRate === null ? null : formatPercent(excludeErrorRate),
    stopAfter:
      stopAfter === null
        ? null
        : {
            ...(stopAfter.errorRate === null
              ? {}
              : { errorRate: formatPercent(stopAfter.errorRate), for: formatDuration(stopAfter.forSeconds) }),
            ...(stopAfter.saturatedLevels === null ? {} : { saturatedLevels: stopAfter.saturatedLevels }),
          },
    maxInFlight: load.maxInFlight,
    resetCache: load.resetCache === null ? null : { ...load.resetCache },
  };
}

function writeSearch({ from, to, tolerance, maxLevels, maxSeconds }: SearchSpec): Written {
  return { from, to, tolerance: writeTolerance(tolerance), maxLevels, maxDuration: formatDuration(maxSeconds) };
}

function writeWorkload(workload: WorkloadSpec): Written {
  const asIs = (value: number): number => value;
  switch (workload.kind) {
    case 'conversation': {
      const { followUp, thinkTime, ...rest } = workload;
      return { ...rest, followUp: writeFollowUp(followUp), thinkTime: writeDistribution(thinkTime, formatDuration) };
    }
    case 'synthetic': {
      const inputTokens = writeDistribution(workload.inputTokens, asIs);
      return { ...workload, inputTokens, outputTokens: writeDistribution(workload.outputTokens, asIs) };
    }
    case 'prompt':
    case 'dataset':
      return { ...workload };
  }
}

function writeFollowUp(followUp: FollowUp): Written {
  switch (followUp.kind) {
    case 'fixed':
      return { fixed: followUp.text };
    case 'template':
      return { template: [...followUp.templates] };
    case 'model': {
      const { url, model, apiKeyEnv, maxTokens, timeoutSeconds } = followUp;
      return { model: { url, model, apiKeyEnv, maxTokens, timeout: formatDuration(timeoutSeconds) } };
    }
  }
}

function writeDistribution(drawn: Distribution, write: (value: number) => string | number): unknown {
  if (drawn.kind === 'fixed') return write(drawn.value);
  const limits = { min: write(drawn.min), max: write(drawn.max) };
  switch (drawn.kind) {
    case 'uniform':
      return { uniform: [limits.min, limits.max] };
    case 'normal':
      return { normal: { mean: write(drawn.mean), stddev: write(drawn.stddev), ...limits } };
    case 'lognormal':
      return { lognormal: { median: write(drawn.median), sigma: drawn.sigma, ...limits } };
  }
}

function writeSlo(slo: SloSpec): Written {
  const written: Record<string, Written> = {};
  for (const { metric, quantile, seconds } of slo.latency) {
    written[metric] = { ...written[metric], [percentileName(quantile)]: formatDuration(seconds) };
  }
  return { ...written, errors: slo.errorRatio === null ? null : formatPercent(slo.errorRatio) };
}
