import type { Engine, Role, RoleSeries } from '../measure/telemetry-roles.js';
import type { ExpositionSample } from './exposition/types.js';

/** One role's value of one worker or device. */
export interface RoleValue extends RoleSeries {
  value: number;
}

/** What one answer of an upstream told. */
export interface UpstreamPage {
  engine: Engine;
  values: RoleValue[];
  /** Which of the engine's metrics each role was read from, in words. */
  matched: ReadonlyMap<Role, string>;
  /** Samples of the names that are passed through. */
  raw: ExpositionSample[];
  /** Types of those that declared one. */
  rawTypes: ReadonlyMap<string, string>;
  /** What is odd about the answer but stops nothing. */
  remarks: string[];
}

/** Why an upstream told nothing, for people. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
}
