import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T }>>['values'];

/** The command line's options; ends the process with what there is when one is unknown or lacks its value. */
export function flagsOf<const T extends Options>(options: T, args = process.argv.slice(2)): Values<T> {
  try {
    return parseArgs({ options, args }).values;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error;
    const known = Object.entries(options).map(([name, { type }]) => (type === 'string' ? `--${name} …` : `--${name}`));
    console.error(`${message.split('. ')[0]}; there are: ${known.join(', ')}`);
    process.exit(1);
  }
}
