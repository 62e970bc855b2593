import { sayNumber, sayShare } from '../in-words.js';
import type { ComparabilityItem, ComparedRun } from './types.js';

const NOT_TOLD = 'not told';
/** Answers whose mean length differs by more than this share do not take the same time. */
const LENGTH_TOLERANCE = 0.1;

/** What is the same in both runs and what is not, in the order in which it matters. Pure. */
export function comparabilityOf(base: ComparedRun, candidate: ComparedRun): ComparabilityItem[] {
  return [
    ...arrivalItems(base, candidate),
    workloadItem(base, candidate),
    ...seedItems(base, candidate),
    ...lengthItems(base, candidate),
    modelItem(base, candidate),
    ...deploymentItems(base, candidate),
    ...measurementItems(base, candidate),
  ];
}

function arrivalItems({ arrival: base }: ComparedRun, { arrival: candidate }: ComparedRun): ComparabilityItem[] {
  const closed = [base, candidate].filter((arrival) => arrival === 'closed').length;
  if (closed === 1) {
    const note = 'a level is a number of users in one and requests per second in the other';
    return [{ what: 'arrival', base, candidate, status: 'blocks', note }];
  }
  const status = base === candidate ? 'same' : 'caution';
  return [
    { what: 'arrival', base, candidate, status, note: status === 'same' ? '' : 'bursts differ at the same rate' },
  ];
}

function workloadItem({ workload: base }: ComparedRun, { workload: candidate }: ComparedRun): ComparabilityItem {
  const texts = { what: 'workload', base: base.description, candidate: candidate.description };
  const unknown = [base, candidate].some(({ description }) => description === NOT_TOLD);
  if (unknown) return { ...texts, status: 'unknown', note: 'whether both asked the same cannot be checked' };
  if (base.description === candidate.description) return { ...texts, status: 'same', note: '' };
  return { ...texts, status: 'blocks', note: 'different requests take different times on the same server' };
}

function seedItems(base: ComparedRun, candidate: ComparedRun): ComparabilityItem[] {
  const [first, second] = [base.workload.seed, candidate.workload.seed];
  if (first === null || second === null) return [];
  const texts = { what: 'seed', base: String(first), candidate: String(second) };
  if (first !== second) return [{ ...texts, status: 'same', note: 'other texts of the same kind' }];
  const shared = base.tool === null && candidate.tool === null && base.url === candidate.url;
  if (!shared) return [{ ...texts, status: 'same', note: '' }];
  const note =
    'both asked the same texts of the same address: unless the server was restarted, its prefix cache may have known them in one of the runs';
  return [{ ...texts, status: 'caution', note }];
}

/** Realised output lengths at the common levels: what the workload's description does not hold fast. */
function lengthItems(base: ComparedRun, candidate: ComparedRun): ComparabilityItem[] {
  const pairs = base.levels.flatMap(({ result }) => {
    const other = candidate.levels.find((level) => level.result.load === result.load);
    const ratio = (other?.result.outputTokensMean ?? NaN) / result.outputTokensMean;
    return Number.isFinite(ratio)
      ? [{ ratio, base: result.outputTokensMean, candidate: other!.result.outputTokensMean }]
      : [];
  });
  const worst = pairs.toSorted((a, b) => Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio)))[0];
  if (worst === undefined) return [];
  const texts = { what: 'mean output tokens', base: sayNumber(worst.base), candidate: sayNumber(worst.candidate) };
  if (Math.abs(worst.ratio - 1) <= LENGTH_TOLERANCE) return [{ ...texts, status: 'same', note: '' }];
  const change = sayShare(Math.abs(worst.ratio - 1));
  const note = `answers are up to ${change} ${worst.ratio > 1 ? 'longer' : 'shorter'}: end-to-end latency and requests/s follow from that`;
  return [{ ...texts, status: 'caution', note }];
}

function modelItem({ model: base }: ComparedRun, { model: candidate }: ComparedRun): ComparabilityItem {
  const texts = { what: 'model', base: base ?? NOT_TOLD, candidate: candidate ?? NOT_TOLD };
  if (base === null || candidate === null)
    return { ...texts, status: 'unknown', note: 'whether both ran the same model cannot be checked' };
  if (base === candidate) return { ...texts, status: 'same', note: '' };
  return { ...texts, status: 'caution', note: 'a difference may come from the model alone' };
}

/** Engine, flags, hardware: what the deployment pairs tell. Keys that differ only in case are the same. */
function deploymentItems(base: ComparedRun, candidate: ComparedRun): ComparabilityItem[] {
  const [first, second] = [base.deployment, candidate.deployment].map(
    (pairs) => new Map(Object.entries(pairs).map(([key, value]) => [key.toLowerCase(), { key, value: String(value) }])),
  );
  const keys = new Set([...first!.keys(), ...second!.keys()]);
  const items = [...keys].map((key): ComparabilityItem => {
    const [one, other] = [first!.get(key), second!.get(key)];
    const texts = { what: one?.key ?? other!.key, base: one?.value ?? NOT_TOLD, candidate: other?.value ?? NOT_TOLD };
    if (one?.value === other?.value) return { ...texts, status: 'same', note: '' };
    const both = one !== undefined && other !== undefined;
    return { ...texts, status: both ? 'changed' : 'unknown', note: both ? '' : 'only one side tells it' };
  });
  return items.toSorted((a, b) => Number(a.status === 'same') - Number(b.status === 'same'));
}

function measurementItems(base: ComparedRun, candidate: ComparedRun): ComparabilityItem[] {
  const item = (what: string, one: string | null, other: string | null, note: string): ComparabilityItem[] => {
    if (one === null && other === null) return [];
    const same = one === other;
    return [
      {
        what,
        base: one ?? NOT_TOLD,
        candidate: other ?? NOT_TOLD,
        status: same ? 'same' : 'caution',
        note: same ? '' : note,
      },
    ];
  };
  return [
    ...item(
      'measured by',
      base.tool ?? 'Sweepscope',
      candidate.tool ?? 'Sweepscope',
      'tools stamp and cut differently; see the definitions',
    ),
    ...item('endpoint', base.endpoint, candidate.endpoint, 'the two endpoints do different work'),
    ...item('SLO', base.objectives, candidate.objectives, 'objectives met or missed are not compared').filter(
      ({ base: one, candidate: other }) => one !== '' || other !== '',
    ),
    ...item(
      'load generator',
      base.loadGenerator,
      candidate.loadGenerator,
      'a slower client makes the server look slower',
    ),
  ];
}
