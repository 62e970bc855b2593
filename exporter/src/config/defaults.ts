/**
 * Every default of a sweep spec, in the form people write. What is not here is either required (`target.url`,
 * `load.levels`, `workload.kind` and the lengths of what is asked) or absent unless given.
 */
export const DEFAULTS = {
  target: {
    endpoint: 'chat',
    timeouts: { firstToken: '120s', idle: '60s', total: '120s' },
  },
  load: {
    arrival: 'closed',
    prime: '10s',
    warmup: '30s',
    measure: { duration: '60s', minSamples: 60, maxDurationFactor: 3, maxDurationFactorInSearch: 10 },
    search: { tolerance: '5%', maxLevels: 24, maxDuration: '2h' },
    burstiness: 1,
    snapshots: 3,
    cooldown: 0,
    repetitions: 1,
    order: 'ascending',
    maxInFlight: 1000,
  },
  workload: {
    seed: 42,
    salt: 'conversation',
    conversation: {
      systemPrompt:
        'You are a knowledgeable assistant. Answer from the passage that the user gives you, thoroughly and in order.',
      starters: { count: 10, tokens: 3500 },
      turns: { min: 3, max: 5 },
      followUp: 'template',
      thinkTime: 0,
      outputTokens: 1024,
    },
    followUp: {
      fixed: 'Please go on: explain that in more detail, with an example.',
      templates: [
        'Can you explain the second point in more depth?',
        'What follows from that in practice? Give an example.',
        'Which part of that is most often misunderstood, and why?',
        'Sum up what you have said so far, then add what is still missing.',
        'How would you explain this to someone who is new to the subject?',
      ],
      model: { maxTokens: 100, timeout: '30s' },
    },
    synthetic: { ignoreEos: true },
    prompt: { outputTokens: 256 },
    dataset: { format: 'auto', maxTurns: 10 },
  },
  telemetry: { engine: 'auto', timeout: '5s' },
  output: { dir: 'runs', keepRuns: 50, keepBytes: '10GB', storeText: false },
} as const;
