import { Command, InvalidArgumentError, Option } from 'commander';
import type { SimulateOptions } from '../actions/simulate.js';
import type { SimulateVirtualOptions } from '../actions/simulate-virtual.js';
import { repeated } from './spec-options.js';

const EXAMPLES = `
Examples:
  sweepscope simulate --profile l4-qwen0.5b --port 8000
  sweepscope simulate --virtual examples/003-l4-qwen-1-32.yaml --profile l4-qwen0.5b --seed 7
`;

export function simulateCommand(): Command {
  return new Command('simulate')
    .description('run a simulated inference server: OpenAI API, vLLM metrics, a real scheduler with simple physics')
    .option('--profile <name>', 'which server to be (--list-profiles tells them)', 'l4-qwen0.5b')
    .option('--list-profiles', 'list the profiles and exit')
    .option('--port <port>', 'port to listen on; 0: any free one', port, 8000)
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .addOption(
      new Option('--mode <mode>', 'write a step’s tokens in one burst, or let each stream tick by itself')
        .choices(['burst', 'independent'])
        .default('burst'),
    )
    .option('--seed <number>', 'seed of the simulated noise', Number, 1)
    .addOption(
      new Option('--dialect <engine>', 'whose metrics to speak')
        .choices(['vllm', 'sglang', 'trtllm', 'dynamo', 'llamacpp'])
        .default('vllm'),
    )
    .option('--max-num-seqs <number>', 'slots of each worker’s scheduler', count)
    .option('--max-num-batched-tokens <number>', 'most tokens of one step', count)
    .option('--max-model-len <number>', 'longest prompt plus output, tokens', count)
    .option('--kv-blocks <number>', 'KV cache of each worker, blocks', count)
    .option('--no-prefix-caching', 'keep nothing of finished requests')
    .option('--workers <number>', 'workers behind the address, one GPU each', count)
    .addOption(
      new Option('--routing <kind>', 'how requests are spread over the workers').choices(['round-robin', 'kv-aware']),
    )
    .option('--spec-tokens <number>', 'speculative decoding: drafts of a step; 0: none', natural)
    .option('--spec-acceptance <chances>', 'chance of each draft to be accepted, as 0.7,0.6,0.5', chances)
    .option('--slow-worker <factor>', 'fault: the last worker is this many times slower', positive)
    .option('--restart-after <seconds>', 'fault: the server goes away once, and comes back empty', positive)
    .option('--restart-for <seconds>', 'how long it is away (default 2)', positive)
    .option('--write-log <file>', 'log of each request’s write times, JSON lines')
    .option('--write-log-tokens', 'the log also has the time of each token')
    .option('--virtual <spec>', 'serve nobody: sweep the simulated server through a spec in virtual time')
    .option('--out <dir>', 'with --virtual: where runs are kept (output.dir)')
    .option('--levels <list>', 'with --virtual: levels, as 1,2,4 or 10..100/10 (load.levels)')
    .addOption(repeated('--set <path=value>', 'with --virtual: override any key of the spec; may be repeated'))
    .option('--json', 'with --virtual: print machine-readable events, one JSON object per line')
    .option('--require-level <load>', 'with --virtual: exit with 99 unless this level meets every SLO', Number)
    .addHelpText('after', EXAMPLES)
    .action(async (options: SimulateOptions & Partial<SimulateVirtualOptions>) => {
      if (options.virtual !== undefined) {
        const { simulateVirtual } = await import('../actions/simulate-virtual.js');
        return simulateVirtual({ ...options, virtual: options.virtual, set: options.set ?? [] });
      }
      const { simulate } = await import('../actions/simulate.js');
      await simulate(options);
    });
}

export function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new InvalidArgumentError('must be a whole number from 0 to 65535');
  }
  return value;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number of at least 1');
  return value;
}

function natural(text: string): number {
  return text === '0' ? 0 : count(text);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Infinity)) throw new InvalidArgumentError('must be a number above 0');
  return value;
}

function chances(text: string): number[] {
  const values = text.split(',').map(Number);
  if (text.trim() === '' || !values.every((value) => value >= 0 && value <= 1)) {
    throw new InvalidArgumentError('must be numbers from 0 to 1 with commas between them, as 0.7,0.6,0.5');
  }
  return values;
}
