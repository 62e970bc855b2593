/** One recorded conversation, as far as a sweep uses it: the answers count by their length only. */
export interface DatasetEntry {
  system: string | null;
  /** The user's messages, in order, at least one. */
  questions: readonly string[];
  /** Characters of the recorded answer to each question; null: none was recorded. */
  answerCharacters: readonly (number | null)[];
}

export type DatasetFormat = 'sharegpt' | 'openai-chat';

interface Message {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** Names that recordings use for the three speakers. */
const ROLES: Readonly<Record<string, Message['role']>> = {
  system: 'system',
  developer: 'system',
  human: 'user',
  user: 'user',
  gpt: 'assistant',
  assistant: 'assistant',
  chatgpt: 'assistant',
  model: 'assistant',
  bot: 'assistant',
};

const LIST_KEYS: Readonly<Record<DatasetFormat, readonly string[]>> = {
  sharegpt: ['conversations', 'conversation', 'items'],
  'openai-chat': ['messages'],
};

/** The first of the formats in which the item has a list of messages; null: none. */
export function formatOf(item: unknown, formats: readonly DatasetFormat[]): DatasetFormat | null {
  return formats.find((format) => messageList(item, format) !== null) ?? null;
}

/**
 * One item of a dataset as an entry, or null when it can't be used: no list of messages, no user message with text, or
 * content other than text. Messages of other speakers (tools) are left out; messages in a row of one speaker are joined.
 */
export function readEntry(item: unknown, format: DatasetFormat): DatasetEntry | null {
  const list = messageList(item, format);
  if (list === null) return null;
  const messages: Message[] = [];
  for (const raw of list) {
    const role = roleOf(raw);
    if (role === null) continue;
    const content = contentOf(raw);
    if (content === null) return null;
    if (content.trim() !== '') append(messages, role, content);
  }
  return toEntry(messages);
}

function append(messages: Message[], role: Message['role'], content: string): void {
  const last = messages.at(-1);
  if (last?.role === role) last.content += `\n\n${content}`;
  else messages.push({ role, content });
}

function toEntry(messages: readonly Message[]): DatasetEntry | null {
  const questions: string[] = [];
  const answerCharacters: (number | null)[] = [];
  let system: string | null = null;
  for (const { role, content } of messages) {
    if (role === 'system') system ??= content;
    else if (role === 'user') {
      questions.push(content);
      answerCharacters.push(null);
    } else if (questions.length > 0) answerCharacters[questions.length - 1] = content.length;
  }
  return questions.length === 0 ? null : { system, questions, answerCharacters };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function messageList(item: unknown, format: DatasetFormat): readonly unknown[] | null {
  if (!isRecord(item)) return null;
  for (const key of LIST_KEYS[format]) {
    const list = item[key];
    if (Array.isArray(list)) return list as unknown[];
  }
  return null;
}

function roleOf(message: unknown): Message['role'] | null {
  if (!isRecord(message)) return null;
  const speaker = message['from'] ?? message['role'];
  return typeof speaker === 'string' && Object.hasOwn(ROLES, speaker.toLowerCase())
    ? ROLES[speaker.toLowerCase()]!
    : null;
}

/** Text of a message; null when it holds anything but text, such as pictures. */
function contentOf(message: unknown): string | null {
  if (!isRecord(message)) return null;
  const content = message['value'] ?? message['content'] ?? '';
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return null;
  const texts: string[] = [];
  for (const part of content as unknown[]) {
    if (!isRecord(part) || part['type'] !== 'text' || typeof part['text'] !== 'string') return null;
    texts.push(part['text']);
  }
  return texts.join('\n');
}
