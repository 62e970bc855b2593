import { Command, Option } from 'commander';

export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of the sweep spec (for editors) or of result.json')
    .addOption(new Option('--of <document>', 'which one').choices(['spec', 'result']).default('spec'))
    .action(async (options: { of: 'spec' | 'result' }) => {
      const { schema } = await import('../actions/schema.js');
      schema(options.of);
    });
}
