import { PAGE_SCRIPT } from './script.js';

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #dfe4ea; --card: #fff; --back: #f4f6f8;
  --accent: #1f60c4; --good: #1a7f4b; --warn: #9a5b00; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #9aa6b5; --line: #2c3542; --card: #171c24;
  --back: #0e1217; --accent: #6ea8ff; --good: #57c78c; --warn: #e5b062; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 1.25rem; display: grid; gap: 1rem; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .75rem; }
h1 { font-size: 1.25rem; margin: 0; } h2 { font-size: 1rem; margin: 0 0 .5rem; }
header nav { margin-left: auto; display: flex; gap: 1rem; } a { color: var(--accent); }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem; overflow-x: auto; }
.pill { border: 1px solid currentColor; border-radius: 99px; padding: 0 .7rem; font-size: .85rem; color: var(--soft); }
.pill.running { color: var(--accent); } .pill.completed { color: var(--good); } .pill.aborted { color: var(--bad); }
.row { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; }
.soft { color: var(--soft); } .bad { color: var(--bad); } .warning { color: var(--warn); } .error { color: var(--bad); }
progress { width: 100%; height: .75rem; accent-color: var(--accent); margin: .5rem 0 1rem; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(6.2rem, 1fr)); gap: .75rem; margin: 0; }
dt { color: var(--soft); font-size: .8rem; } dd { margin: 0; font-size: 1.2rem; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; white-space: nowrap; }
th, td { text-align: right; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child, th:last-child, td:last-child { text-align: left; }
th { color: var(--soft); font-weight: 600; font-size: .8rem; } tbody tr:last-child td { border-bottom: 0; }
button, input { font: inherit; padding: .4rem 1rem; border-radius: 7px; border: 1px solid var(--line); }
button { background: var(--accent); color: var(--card); border-color: transparent; cursor: pointer; }
button.plain { background: transparent; color: var(--ink); border-color: var(--line); }
button:disabled { opacity: .45; cursor: default; } :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
ul { margin: 0; padding-left: 1.2rem; } .login { max-width: 28rem; margin: 15vh auto 0; }
.login input { width: 15rem; margin: 0 .5rem; color: var(--ink); background: var(--card); }
`;

const shell = (nonce: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sweepscope</title><link rel="icon" href="data:,"><style nonce="${nonce}">${STYLE}</style></head>
<body>${body}</body></html>
`;

const SWEEP_BODY = `<main>
<header><h1>Sweepscope</h1><span id="state" class="pill" role="status">connecting</span><span id="run" class="soft"></span>
<nav aria-label="Links"><a href="/metrics">metrics</a><a id="report" hidden>report</a></nav></header>
<section aria-labelledby="now-title"><div class="row"><h2 id="now-title">Now</h2>
<div class="row"><button id="start" disabled>Start sweep</button><button id="stop" class="plain" disabled>Stop</button></div></div>
<div class="row"><span id="phase">no sweep under way</span><span id="left" class="soft"></span></div>
<progress id="progress" max="1" value="0" aria-label="Progress of the sweep"></progress>
<dl id="live"></dl><p id="problem" class="bad" role="alert" hidden></p></section>
<section aria-labelledby="levels-title"><h2 id="levels-title">Levels</h2>
<table aria-describedby="levels-note"><thead><tr><th scope="col">Load</th><th scope="col">TTFT p50</th><th scope="col">TTFT p95</th>
<th scope="col">TPOT p50</th><th scope="col">E2E p50</th><th scope="col">Errors</th><th scope="col">req/s</th>
<th scope="col">tok/s</th><th scope="col">Result</th></tr></thead><tbody id="levels"></tbody></table>
<p id="levels-note" class="soft">Times in milliseconds. A level appears when it has been measured.</p></section>
<section id="notes-card" aria-labelledby="notes-title" hidden><h2 id="notes-title">Notes</h2><ul id="notes"></ul></section>
</main>`;

/** The page that follows the running sweep, or shows the newest one. */
export function sweepPage(nonce: string): string {
  return shell(nonce, `${SWEEP_BODY}<script nonce="${nonce}">${PAGE_SCRIPT}</script>`);
}

/** Asks for the token; `refused`: one was given and was wrong. */
export function loginPage(nonce: string, refused: boolean): string {
  const told = refused
    ? 'That token is not valid.'
    : 'This page needs the token that was shown when the sidecar started.';
  return shell(
    nonce,
    `<main class="login"><h1>Sweepscope</h1><form action="/" method="get"><p${refused ? ' class="bad" role="alert"' : ''}>${told}</p>
<label>Token <input type="password" name="token" autocomplete="off" required autofocus></label> <button>Open</button></form></main>`,
  );
}
