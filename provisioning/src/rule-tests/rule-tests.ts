import { LATENCY_SCENARIOS } from './latency-scenarios.js';
import { MEASUREMENT_SCENARIOS } from './measurement-scenarios.js';
import { promtoolTest, type Scenario } from './scenario.js';
import { TEST_STEP } from './series.js';
import { SERVER_SCENARIOS } from './server-scenarios.js';

export const SCENARIOS: readonly Scenario[] = [...LATENCY_SCENARIOS, ...SERVER_SCENARIOS, ...MEASUREMENT_SCENARIOS];

/** The file that `promtool test rules` reads. */
export function ruleTests(): object {
  return {
    rule_files: ['rules/sweepscope.yml'],
    evaluation_interval: `${2 * TEST_STEP}s`,
    tests: SCENARIOS.map(promtoolTest),
  };
}
