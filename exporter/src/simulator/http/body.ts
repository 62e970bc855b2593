import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { faultSchema } from '../faults.js';
import type { TemplateMessage } from '../text/chat-template.js';
import { ApiError, badRequest } from './api-error.js';

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Zod calls a string that should be an integer a wrong number; pydantic knows better. */
const NOT_AN_INTEGER = 'Input should be a valid integer';
const integer = (): z.ZodInt => z.int({ error: NOT_AN_INTEGER });

const common = {
  model: z.string().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z
    .looseObject({ include_usage: z.boolean().nullish(), continuous_usage_stats: z.boolean().nullish() })
    .nullish(),
  max_tokens: integer().nullish(),
  min_tokens: integer().min(0).nullish(),
  ignore_eos: z.boolean().nullish(),
  n: integer().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  seed: integer().nullish(),
  sim: faultSchema.nullish(),
};

const contentSchema = z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))]);
const messagesSchema = z.array(z.looseObject({ role: z.string(), content: contentSchema.nullish() }));
const promptSchema = z.union([z.string(), z.array(z.int()), z.array(z.string())]);

export const chatSchema = z.looseObject({
  ...common,
  messages: messagesSchema,
  max_completion_tokens: integer().nullish(),
});
export const completionSchema = z.looseObject({ ...common, prompt: promptSchema });
export const tokenizeSchema = z.union([
  z.looseObject({ model: z.string().nullish(), prompt: z.string() }),
  z.looseObject({ model: z.string().nullish(), messages: messagesSchema }),
]);

export type ChatBody = z.infer<typeof chatSchema>;
export type CompletionBody = z.infer<typeof completionSchema>;
export type Messages = z.infer<typeof messagesSchema>;

/** Each message's role and text; parts of other kinds than text count as nothing. */
export function templateMessages(messages: Messages): TemplateMessage[] {
  return messages.map(({ role, content }) => ({
    role,
    content: typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join('\n'),
  }));
}

/** Reads a whole body. Rejects with status 413 above 64 MiB; an aborted one never settles, its response is closed. */
export function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > MAX_BODY_BYTES) {
        request.pause();
        reject(new ApiError(413, `Request body is larger than ${MAX_BODY_BYTES} bytes`, 'Request Entity Too Large'));
        return;
      }
      parts.push(part);
    });
    request.on('end', () => resolve(Buffer.concat(parts).toString('utf8')));
  });
}

/** Parses a body, or throws the 400 that vLLM (FastAPI, pydantic) answers with. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, text: string): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const cause = error instanceof Error ? error.message : 'Expecting value';
    throw validationError([{ type: 'json_invalid', loc: ['body', 0], msg: `JSON decode error: ${cause}`, input: {} }]);
  }
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw validationError(parsed.error.issues.map(describeIssue));
}

interface FieldError {
  type: string;
  loc: (string | number)[];
  msg: string;
  input: unknown;
}

function describeIssue(issue: z.core.$ZodIssue): FieldError {
  const loc = ['body', ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  const field = { loc, input: issue.input };
  if (issue.input === undefined) return { ...field, type: 'missing', msg: 'Field required', input: {} };
  if (issue.message === NOT_AN_INTEGER) return { ...field, type: 'int_type', msg: NOT_AN_INTEGER };
  if (issue.code !== 'invalid_type') return { ...field, type: 'value_error', msg: issue.message };
  const names: Record<string, [type: string, noun: string]> = {
    string: ['string_type', 'string'],
    boolean: ['bool_type', 'boolean'],
    number: ['float_type', 'number'],
    array: ['list_type', 'list'],
    object: ['dict_type', 'dictionary'],
  };
  const [type, noun] = names[issue.expected] ?? ['value_error', issue.expected];
  return { ...field, type, msg: `Input should be a valid ${noun}` };
}

function validationError(errors: FieldError[]): ApiError {
  const lines = errors.map(({ type, loc, msg, input }) => {
    const place = loc.map((step) => (typeof step === 'number' ? `${step}` : `'${step}'`)).join(', ');
    return `  {'type': '${type}', 'loc': (${place}), 'msg': '${msg}', 'input': ${JSON.stringify(input).slice(0, 200)}}`;
  });
  const head = `${errors.length} validation error${errors.length === 1 ? '' : 's'}:`;
  const param = errors[0]?.loc.slice(1).join('.') ?? null;
  return new ApiError(400, [head, ...lines].join('\n'), 'Bad Request', param === '0' ? null : param);
}

/** Checks that vLLM makes after parsing; throws a 400. */
export function checkParameters(body: ChatBody | CompletionBody): void {
  if (body.n !== null && body.n !== undefined && body.n !== 1) {
    throw badRequest(`n must be 1 on this simulator, got ${body.n}.`, 'n');
  }
  if (body.stream_options && body.stream !== true) {
    throw badRequest('Stream options can only be defined when `stream=True`.', 'stream_options');
  }
  const limits = { max_tokens: body.max_tokens, max_completion_tokens: body['max_completion_tokens'] };
  for (const [name, value] of Object.entries(limits)) {
    if (typeof value === 'number' && value < 1) throw badRequest(`${name} must be at least 1, got ${value}.`, name);
  }
  if (typeof body.temperature === 'number' && body.temperature < 0) {
    throw badRequest(`temperature must be non-negative, got ${body.temperature}.`, 'temperature');
  }
  if (typeof body.top_p === 'number' && !(body.top_p > 0 && body.top_p <= 1)) {
    throw badRequest(`top_p must be in (0, 1], got ${body.top_p}.`, 'top_p');
  }
}
