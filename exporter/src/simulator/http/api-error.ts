import type { ServerResponse } from 'node:http';

/** An answer other than 200, worded and shaped as vLLM does. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly type: string,
    readonly param: string | null = null,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export function badRequest(message: string, param: string | null): ApiError {
  return new ApiError(400, message, 'BadRequestError', param);
}

export function modelNotFound(model: string): ApiError {
  return new ApiError(404, `The model \`${model}\` does not exist.`, 'NotFoundError', 'model');
}

export function contextTooLong(maxModelLen: number, promptTokens: number, outputTokens: number): ApiError {
  const limit = `This model's maximum context length is ${maxModelLen} tokens. However, `;
  if (promptTokens >= maxModelLen) {
    const message = `${limit}your request has ${promptTokens} input tokens. Please reduce the length of the input messages.`;
    return badRequest(message, 'input_tokens');
  }
  const message =
    `${limit}you requested ${outputTokens} output tokens and your prompt contains ${promptTokens} input tokens, for a ` +
    `total of ${promptTokens + outputTokens} tokens. Please reduce the length of the input prompt or the number of ` +
    `requested output tokens.`;
  return badRequest(message, 'max_tokens');
}

/** Writes a whole JSON answer. Does nothing when the head is out already. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent) return;
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { ...headers, 'content-type': 'application/json', 'content-length': text.length });
  response.end(text);
}

export function sendError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof ApiError ? error : new ApiError(500, 'Internal server error', 'InternalServerError', null);
  const { message, type, param, status, headers } = known;
  sendJson(response, status, { error: { message, type, param, code: status } }, headers);
}
