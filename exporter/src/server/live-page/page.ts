const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #dfe4ea; --card: #fff; --back: #f4f6f8;
  --accent: #1f60c4; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #9aa6b5; --line: #2c3542; --card: #181b1f;
  --back: #111217; --accent: #6ea8ff; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 14px/1.5 Inter, system-ui, sans-serif; }
h1 { font-size: 1.25rem; margin: 0; }
.soft { color: var(--soft); } .bad { color: var(--bad); }
button, input { font: inherit; padding: .4rem 1rem; border-radius: 4px; border: 1px solid var(--line); }
button { background: var(--accent); color: var(--card); border-color: transparent; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.login { max-width: 28rem; margin: 15vh auto 0; padding: 1.25rem; }
.login input { width: 15rem; margin: 0 .5rem; color: var(--ink); background: var(--card); }
.loading { padding: 2rem; }
`;

const shell = (nonce: string, head: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sweepscope</title><link rel="icon" href="data:,">${head}<style nonce="${nonce}">${STYLE}</style></head>
<body>${body}</body></html>
`;

/** The page that follows the running sweep, or shows the newest one: Sweepscope's panels without Grafana. */
export function sweepPage(nonce: string): string {
  return shell(
    nonce,
    `<link rel="stylesheet" href="/assets/host.css" nonce="${nonce}">`,
    `<div id="root" data-page="live"><p class="loading soft">Loading the panels. If this stays, they were not built: run "npm run build".</p></div>
<noscript><p class="loading">This page needs JavaScript. The figures are also on <a href="/metrics">/metrics</a>.</p></noscript>
<script nonce="${nonce}" src="/assets/host.js"></script><script nonce="${nonce}" src="/assets/module.js"></script>`,
  );
}

/** Asks for the token; `refused`: one was given and was wrong. */
export function loginPage(nonce: string, refused: boolean): string {
  const told = refused
    ? 'That token is not valid.'
    : 'This page needs the token that was shown when the sidecar started.';
  return shell(
    nonce,
    '',
    `<main class="login"><h1>Sweepscope</h1><form action="/" method="get"><p${refused ? ' class="bad" role="alert"' : ''}>${told}</p>
<label>Token <input type="password" name="token" autocomplete="off" required autofocus></label> <button>Open</button></form></main>`,
  );
}
