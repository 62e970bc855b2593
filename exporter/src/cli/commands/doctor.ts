import { Command } from 'commander';
import { withSpecOptions, type SpecOptions } from './spec-options.js';

export function doctorCommand(): Command {
  const command = new Command('doctor')
    .description('check a server and this machine before a sweep: reachable, streaming, usage, prompt lengths, limits')
    .argument('<spec>', 'sweep spec, a YAML file');
  return withSpecOptions(command)
    .addHelpText('after', '\nExample:\n  sweepscope doctor sweep.yaml --target http://vllm:8000\n')
    .action(async (spec: string, options: SpecOptions) => {
      const { doctor } = await import('../actions/doctor.js');
      await doctor(spec, options);
    });
}
