/** A process of its own that answers every request with one page of metrics, whose counters grow. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const BUCKETS = 21;

/** As long as a busy vLLM's page: histograms of several engines are most of it. */
function page(lines: number, count: number): string {
  const out: string[] = [];
  const gauges = ['num_requests_running', 'num_requests_waiting', 'kv_cache_usage_perc'];
  const counters = ['prompt_tokens', 'generation_tokens', 'prompt_tokens_cached', 'request_success', 'num_preemptions'];
  const histograms = ['time_to_first_token_seconds', 'request_queue_time_seconds', 'e2e_request_latency_seconds'];
  for (let engine = 0; out.length < lines; engine++) {
    const labels = `engine="${engine}",model_name="meta-llama/Llama-3.3-70B-Instruct"`;
    for (const name of gauges) out.push(`vllm:${name}{${labels}} 0.25`);
    for (const name of counters) out.push(`vllm:${name}_total{${labels}} ${count}.0`);
    for (const name of histograms) {
      for (let bucket = 0; bucket < BUCKETS; bucket++)
        out.push(`vllm:${name}_bucket{${labels},le="${bucket}.5"} ${count}.0`);
      out.push(`vllm:${name}_count{${labels}} ${count}.0`, `vllm:${name}_sum{${labels}} ${count * 1.5}`);
    }
  }
  return `${out.slice(0, lines).join('\n')}\n`;
}

const lines = Number(process.argv[2]);
let count = 0;
const server = createServer((_, response) => void response.end(page(lines, ++count)));
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
