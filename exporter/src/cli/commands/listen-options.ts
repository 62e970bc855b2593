import { Command, InvalidArgumentError, Option } from 'commander';
import { repeated } from './spec-options.js';

export interface Address {
  host: string;
  port: number;
}

export interface ListenOptions {
  listen: Address;
  metricsListen?: Address;
  tokenFile?: string;
  allowHost: string[];
}

export function withListenOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--listen <host:port>', 'address of the live page, the API and /metrics')
        .argParser(address)
        .default({ host: '127.0.0.1', port: 9464 }, '127.0.0.1:9464'),
    )
    .option('--metrics-listen <host:port>', 'a second address that serves only /metrics and health', address)
    .option(
      '--token-file <file>',
      'file with the bearer token (else SWEEPSCOPE_TOKEN, else one is made up and printed)',
    )
    .addOption(repeated('--allow-host <name>', 'further Host header to answer to; may be repeated'));
}

/** `host:port`, `:port` or `port`. */
export function address(text: string): Address {
  const match = /^(?:(.*):)?(\d+)$/.exec(text);
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) throw new InvalidArgumentError('must be host:port, e.g. 127.0.0.1:9464');
  const host = (match[1] ?? '').replace(/^\[|\]$/g, '');
  return { host: host === '' ? '127.0.0.1' : host, port };
}
