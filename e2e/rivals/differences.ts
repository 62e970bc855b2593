import { RIVALS, TITLES, TOOLS, type Load, type Tool } from './cells.js';
import type { CellFigures } from './figures.js';
import { spreadOf } from './statistics.js';

/** Differences below this share need no explanation. */
const TOLD_RATIO = 0.02;

type Read = (cell: CellFigures) => number | null;

/** Sections that say where the figures differ, each part of a difference computed from the runs. */
export function differencesOf(loads: readonly Load[], cells: readonly CellFigures[]): string[] {
  return [againstServer(loads, cells), fromOurs(loads, cells), published(loads, cells), contradictions(cells)];
}

class Medians {
  constructor(
    private readonly load: Load,
    private readonly cells: readonly CellFigures[],
  ) {}

  /** NaN without any. */
  of(tool: Tool, read: Read): number {
    const { target, users } = this.load;
    const own = this.cells.filter((cell) => cell.target === target && cell.users === users && cell.tool === tool);
    return spreadOf(own.map(read))?.median ?? NaN;
  }
}

const ms = (seconds: number): string => (Number.isNaN(seconds) ? '–' : (seconds * 1000).toFixed(1));
const signedMs = (seconds: number): string => {
  if (Number.isNaN(seconds)) return '–';
  return `${seconds < 0 ? '−' : '+'}${ms(Math.abs(seconds))}`;
};
const percent = (ratio: number): string =>
  Number.isNaN(ratio) ? '–' : `${ratio < 0 ? '−' : '+'}${Math.abs(ratio * 100).toFixed(1)} %`;
const place = ({ target, users }: Load): string => `${target === 'vllm' ? 'vLLM' : 'simulator'}, ${users}`;

const ttftError: Read = ({ client, server }) => client.ttft - server.ttft;
const latencyError: Read = ({ client, server }) => client.latency - server.latency;

function againstServer(loads: readonly Load[], cells: readonly CellFigures[]): string {
  const errors = [
    { name: 'TTFT', read: ttftError },
    { name: 'E2E', read: latencyError },
  ];
  const compared = loads.flatMap((load) => errors.map((error) => ({ load, ...error })));
  const row = ({ load, name, read }: (typeof compared)[number]): string => {
    const medians = new Medians(load, cells);
    return `| ${place(load)} | ${name} | ${TOOLS.map((tool) => signedMs(medians.of(tool, read))).join(' | ')} |`;
  };
  const verdicts = compared.map(({ load, name, read }) => {
    const medians = new Medians(load, cells);
    const own = Math.abs(medians.of('sweepscope', read));
    const nearer = RIVALS.filter((tool) => Math.abs(medians.of(tool, read)) < own);
    return {
      text: `${place(load)} ${load.users === 1 ? 'user' : 'users'}, ${name}: ${nearer.map((tool) => TITLES[tool]).join(', ')}`,
      nearer,
    };
  });
  const beaten = verdicts.filter(({ nearer }) => nearer.length > 0);
  return `## How far from the server's own means

The client's mean over all requests of its run, less the server's own mean over the same requests, in ms (median of the repetitions).
The server's clock starts when its front end has read the request, and stops when it has the token: the way there and back
belongs to everybody. Of Sweepscope, requests of its warm-up are in both sides too.

| server, users | | ${TOOLS.map((tool) => TITLES[tool]).join(' | ')} |
| --- | --- | ${TOOLS.map(() => '---:').join(' | ')} |
${compared.map(row).join('\n')}

Sweepscope is the nearest of the four in ${verdicts.length - beaten.length} of ${verdicts.length} comparisons.${
    beaten.length === 0 ? '' : ` Nearer than it:\n\n${beaten.map(({ text }) => `- ${text}`).join('\n')}`
  }`;
}

/** Parts of the difference in mean TTFT and E2E to ours: what the server itself saw otherwise, and the clients' errors. */
function fromOurs(loads: readonly Load[], cells: readonly CellFigures[]): string {
  const parts = [
    {
      name: 'TTFT',
      read: (cell: CellFigures) => cell.client.ttft,
      error: ttftError,
      server: (cell: CellFigures) => cell.server.ttft,
    },
    {
      name: 'E2E',
      read: (cell: CellFigures) => cell.client.latency,
      error: latencyError,
      server: (cell: CellFigures) => cell.server.latency,
    },
  ];
  const rows = loads.flatMap((load) =>
    parts.flatMap(({ name, read, error, server }) =>
      RIVALS.flatMap((tool) => {
        const medians = new Medians(load, cells);
        const to = (figure: Read): number => medians.of(tool, figure) - medians.of('sweepscope', figure);
        const ratio = to(read) / medians.of('sweepscope', read);
        if (!(Math.abs(ratio) > TOLD_RATIO)) return [];
        const burst = medians.of(tool, ({ client }) => client.ttft - client.ttftAfterFirstWave);
        return [
          `| ${place(load)} | ${name} | ${TITLES[tool]} | ${percent(ratio)} | ${signedMs(to(read))} | ${signedMs(to(server))} | ${signedMs(to(error))} | ${name === 'TTFT' ? signedMs(burst) : ''} |`,
        ];
      }),
    ),
  );
  return `## Where a difference comes from

Every mean that is more than 2 % from Sweepscope's, over all requests of the runs. A client's mean is the server's mean plus the
client's error, so the difference to ours has two parts: what **the server** itself measured differently (it was loaded in another
rhythm), and what **the client** added more than ours (its queue, its parsing). The **start burst** is how much the first request of
every user raises the tool's own mean TTFT: all users begin at once, where Sweepscope's begin spread over a request's
length. It shows on both sides, since server and client work it off one by one.

| server, users | | tool | to ours | ms | the server | the client | start burst, ms |
| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}`;
}

/** What the tools publish, against the same requests by our definitions. */
function published(loads: readonly Load[], cells: readonly CellFigures[]): string {
  const rows = loads.flatMap((load) =>
    RIVALS.map((tool) => {
      const medians = new Medians(load, cells);
      const whole = medians.of(tool, (cell) => cell.published.tokensPerSecond);
      const steady = medians.of(tool, (cell) => cell.outputTokensPerSecond);
      const ttft = medians.of(tool, (cell) => cell.published.ttftMean);
      const steadyTtft = medians.of(tool, (cell) => cell.steady.ttft.mean);
      const gap = medians.of(tool, (cell) => cell.firstGapMean);
      return `| ${place(load)} | ${TITLES[tool]} | ${ms(ttft)} | ${percent(ttft / steadyTtft - 1)} | ${ms(gap)} | ${whole.toFixed(0)} | ${percent(whole / steady - 1)} |`;
    }),
  );
  return `## What the tools publish, and what their requests say

The tool's own mean TTFT and tokens per second, and how far they are from the same requests in the window without ramp-up and
tail. vLLM's bench stops the clock of TTFT at the first chunk, which holds a role and no token: the **gap** to the next chunk
is what its TTFT leaves out and its ITL takes in. Its ITL also has one gap for every chunk, where a token without text
(part of a character) is a chunk too. Throughput over a whole run is lower than in its steady part as long as users begin
and, above all, run out: the **tail**. GuideLLM's tokens per second are a mean of rates over time, tokens spread evenly over
their request.

| server, users | tool | mean TTFT, ms | to its steady part | role-chunk gap, ms | tokens/s | to its steady part |
| --- | --- | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}`;
}

function contradictions(cells: readonly CellFigures[]): string {
  const found = RIVALS.flatMap((tool) => {
    const own = cells.filter((cell) => cell.tool === tool);
    const figures = [...new Set(own.flatMap((cell) => cell.contradicted))];
    const runs = own.filter((cell) => cell.contradicted.length > 0).length;
    return figures.length === 0 ? [] : [`- ${TITLES[tool]}: ${figures.join(', ')} (${runs} of ${own.length} runs)`];
  });
  return `## Do the tools agree with themselves

Each tool's published figures were computed again from its own single requests, by its own definition (0.2 % is rounding). ${
    found.length === 0 ? 'All agree.' : `Those that don't agree:\n\n${found.join('\n')}`
  }`;
}
