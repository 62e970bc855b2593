/**
 * What runs in the browser: it finds the newest run, replays and follows its events, and draws them. Text is only ever
 * set as text. Kept in a string because the page is one answer without further files.
 */
export const PAGE_SCRIPT = `'use strict';
const $ = (id) => document.getElementById(id);
const LIVE = [['ttftP50', 'TTFT p50', ms], ['ttftP95', 'TTFT p95', ms], ['tpotP50', 'TPOT p50', ms], ['latencyP50', 'E2E p50', ms],
  ['requestsPerSecond', 'requests/s', num], ['outputTokensPerSecond', 'tokens/s', num], ['inFlight', 'in flight', num],
  ['errorRatio', 'errors', percent]];
let runId = null, stream = null, levels = new Map();

function num(x) { return x == null ? '–' : x.toLocaleString('en', x < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 }); }
function ms(x) { return x == null ? '–' : num(x < 0.1 ? +(x * 1000).toPrecision(3) : Math.round(x * 1000)) + ' ms'; }
function cell(x) { return ms(x).replace(' ms', ''); }
function percent(x) { return x == null ? '–' : num(x * 100) + ' %'; }
function duration(s) {
  if (s == null) return '';
  const t = Math.max(0, Math.round(s));
  return t >= 60 ? Math.floor(t / 60) + ' min ' + (t % 60) + ' s' : t + ' s';
}
function make(tag, text, className) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}
function problem(text) { $('problem').textContent = text; $('problem').hidden = !text; }
function state(text) {
  $('state').textContent = text;
  $('state').className = 'pill ' + text;
  $('start').disabled = text === 'running';
  $('stop').disabled = text !== 'running';
}

function drawLive(live) {
  $('live').replaceChildren(...LIVE.map(([key, label, format]) => {
    const group = document.createElement('div');
    group.append(make('dt', label), make('dd', format(live[key])));
    return group;
  }));
}
function verdict(r) {
  if (!r.valid) return ['invalid: ' + r.invalidReasons.join(', '), 'bad'];
  const failed = r.slo.filter((s) => s.pass === false).map((s) => s.slo);
  if (r.errorSlo && r.errorSlo.pass === false) failed.push('errors');
  if (failed.length) return ['✗ SLO missed: ' + failed.join(', '), 'bad'];
  return [(r.slo.length ? '✓ SLO met' : 'measured') + (r.steady ? '' : ', not steady'), r.steady ? '' : 'warning'];
}
function drawLevels() {
  const rows = [...levels.values()].sort((a, b) => a.level - b.level).map((r) => {
    const row = document.createElement('tr');
    const cells = [num(r.load), cell(r.ttft.p50.value), cell(r.ttft.p95.value), cell(r.tpot.p50.value), cell(r.latency.p50.value),
      percent(r.errorRatio), num(r.requestsPerSecond), num(r.outputTokensPerSecond)];
    row.append(...cells.map((text) => make('td', text)), make('td', ...verdict(r)));
    return row;
  });
  $('levels').replaceChildren(...rows);
}
function note(severity, message) {
  $('notes').append(make('li', message, severity));
  $('notes-card').hidden = false;
}

function clear() {
  levels = new Map(); drawLevels(); drawLive({});
  $('notes').replaceChildren(); $('notes-card').hidden = true;
  $('progress').value = 0; $('phase').textContent = ''; $('left').textContent = '';
  $('levels-note').textContent = 'Times in milliseconds. A level appears when it has been measured.';
}

const handlers = {
  start(e) { clear(); state('running'); $('phase').textContent = 'starting: levels ' + e.levels.join(', '); $('left').textContent = duration(e.plannedSeconds); },
  phase(e) {
    $('phase').textContent = e.phase + (e.phase === 'idle' ? '' : ' at load ' + e.load + ', repetition ' + e.repetition);
  },
  progress(e) {
    $('progress').value = e.ratio == null ? 0 : e.ratio;
    $('left').textContent = e.remainingSeconds == null ? '' : duration(e.remainingSeconds) + ' left';
    drawLive(e.live);
  },
  window() {},
  level(e) { levels.set(e.result.level, e.result); drawLevels(); },
  note(e) { note(e.severity, e.message); },
  end(e) {
    stream.close(); stream = null;
    state(e.state);
    if (e.state === 'completed') $('progress').value = 1;
    $('phase').textContent = e.state + (e.reason ? ': ' + e.reason : '');
    $('left').textContent = '';
    $('report').hidden = false;
  },
};

function follow(run) {
  if (stream) stream.close();
  runId = run.id; clear();
  $('run').textContent = run.name + ' · ' + run.id + (run.model ? ' · ' + run.model : '');
  $('report').href = run.links.report + '?format=md';
  $('report').hidden = run.state === 'running';
  state(run.state);
  stream = new EventSource(run.links.events);
  for (const type of Object.keys(handlers)) stream.addEventListener(type, (m) => handlers[type](JSON.parse(m.data)));
  stream.onopen = () => problem('');
  stream.onerror = () => {
    if (stream && stream.readyState === EventSource.CONNECTING) problem('connection lost, trying again');
    else if (stream && run.state !== 'running') $('levels-note').textContent = 'The events of this run are no longer kept: see its report.';
  };
}
async function call(method, path) {
  const answer = await fetch(path, { method });
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw new Error(body && body.error ? body.error.message + ' (' + body.error.hint + ')' : 'HTTP ' + answer.status);
  return body;
}
async function look() {
  try {
    const { runs } = await call('GET', '/api/v1/sweeps');
    const run = runs.find((r) => r.state === 'running') || runs[0];
    if (!run) state('idle');
    else if (run.id !== runId) follow(run);
    if (!stream) problem('');
  } catch (error) { problem(error.message); }
}
$('start').onclick = () => call('POST', '/api/v1/sweeps').then(look, (error) => problem(error.message));
$('stop').onclick = () => call('POST', '/api/v1/sweeps/' + runId + '/stop').then(() => problem(''), (error) => problem(error.message));
drawLive({}); look(); setInterval(look, 5000);
`;
