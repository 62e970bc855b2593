/** The tools that are held against each other. */
export const TOOLS = ['sweepscope', 'vllm', 'guidellm', 'aiperf'] as const;
export type Tool = (typeof TOOLS)[number];
export const RIVALS = ['vllm', 'guidellm', 'aiperf'] as const satisfies readonly Tool[];

export const TITLES: Record<Tool, string> = {
  sweepscope: 'Sweepscope',
  vllm: 'vLLM bench',
  guidellm: 'GuideLLM',
  aiperf: 'AIPerf',
};

export const TARGETS = ['simulator', 'vllm'] as const;
export type Target = (typeof TARGETS)[number];

/** So many users on a server, and so many requests in all. */
export interface Load {
  target: Target;
  users: number;
  requests: number;
}

/** One run of one tool. */
export interface Cell extends Load {
  tool: Tool;
  repetition: number;
}

const REQUESTS: Record<Target, Record<'full' | 'quick', readonly [users: number, requests: number][]>> = {
  vllm: {
    full: [
      [1, 40],
      [4, 120],
      [8, 240],
      [16, 320],
    ],
    quick: [
      [1, 12],
      [4, 40],
      [8, 64],
      [16, 96],
    ],
  },
  simulator: {
    full: [
      [100, 800],
      [400, 3200],
    ],
    quick: [
      [100, 400],
      [400, 1600],
    ],
  },
};

export function loadsOf(target: Target, isQuick: boolean): Load[] {
  return REQUESTS[target][isQuick ? 'quick' : 'full'].map(([users, requests]) => ({ target, users, requests }));
}

/** All runs of a repetition on a target. The tools' order is another one at each load and in each repetition. */
export function cellsOf(loads: readonly Load[], tools: readonly Tool[], repetition: number): Cell[] {
  return loads.flatMap((load, index) => {
    const shift = (repetition + index) % tools.length;
    return [...tools.slice(shift), ...tools.slice(0, shift)].map((tool) => ({ ...load, tool, repetition }));
  });
}
