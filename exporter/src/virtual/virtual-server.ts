import type { Clock } from '../clock/clock.js';
import type { Endpoint, SweepSpec } from '../config/spec.js';
import type { EngineDriver } from '../simulator/driver.js';
import { ApiError } from '../simulator/http/api-error.js';
import { chatPrompt, planGeneration, textPrompt, type Generation, type Serving } from '../simulator/http/generation.js';
import { promptOf } from '../target/request-body.js';
import type { TurnRequest } from '../workload/types.js';
import type { Refusal } from './virtual-exchange.js';
import { VirtualTarget } from './virtual-target.js';

/** Between a pod and another one of its cluster, there and back. */
const NETWORK_SECONDS = 0.0003;

/** A simulated server on a clock, to be asked without sockets. */
export class VirtualServer {
  constructor(
    private readonly clock: Clock,
    private readonly driver: EngineDriver,
    readonly serving: Serving,
  ) {}

  /** A client of its own, with its own connections. `shown` names the server in messages. */
  target({ target, request }: Pick<SweepSpec, 'target' | 'request'>, shown: string): VirtualTarget {
    const { endpoint, timeouts } = target;
    return new VirtualTarget({
      clock: this.clock,
      driver: this.driver,
      generate: (asked) => this.generate(endpoint, request.temperature, asked),
      timeouts,
      networkSeconds: NETWORK_SECONDS,
      shown,
    });
  }

  private generate(endpoint: Endpoint, temperature: number | null, request: TurnRequest): Generation | Refusal {
    const { serving } = this;
    const prompt = endpoint === 'chat' ? chatPrompt(request.messages, serving) : textPrompt(promptOf(request), serving);
    const draw = temperature === 0 ? 0 : serving.nextDraw();
    const wish = { ...STREAMED, endpoint, limit: request.maxTokens, ignoreEos: request.ignoreEos, draw };
    try {
      return planGeneration(prompt, wish, serving);
    } catch (error) {
      if (error instanceof ApiError) return { status: error.status, message: error.message };
      throw error;
    }
  }
}

/** As the client asks a server that takes everything. */
const STREAMED = { minTokens: 1, stream: true, includeUsage: true, continuousUsage: true, fault: null };
