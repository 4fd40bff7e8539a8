import { isJsonObject } from './object-fields.ts';
import type { Answer, StorageCall } from './storage-call.ts';
import { jsonAnswer } from './storage-call.ts';
import { invalidArgument } from './storage-error.ts';

/** What `fields` selects: names, each with what is selected below it; null for all of it. `*` stands for every name. */
type Selection = ReadonlyMap<string, Selection | null>;

/** The `fields` parameter of a call, such as `items(name,size),nextPageToken` or `items/name`; null where all is wanted. */
export function readFieldSelection({ query }: StorageCall): Selection | null {
  const text = query.get('fields') ?? '';
  if (text === '') return null;
  const { selection, at } = parseSelection(text, 0);
  if (at < text.length) throw invalidSelection(text);
  return selection;
}

/** What of a successful JSON answer was selected. */
export function selectFields(answer: Answer, selection: Selection | null): Answer {
  const isJson = answer.headers?.['content-type']?.startsWith('application/json') ?? false;
  if (selection === null || !isJson || !Buffer.isBuffer(answer.body)) return answer;
  const { body, headers } = jsonAnswer(answer.status, select(JSON.parse(answer.body.toString('utf8')), selection));
  return { ...answer, headers: { ...answer.headers, ...headers }, ...(body !== undefined && { body }) };
}

function parseSelection(text: string, start: number): { selection: Selection; at: number } {
  const selection = new Map<string, Selection | null>();
  let at = start;
  for (;;) {
    const name = /^\s*([\w*]+)\s*/.exec(text.slice(at));
    if (name === null) throw invalidSelection(text);
    at += name[0].length;
    let below: Selection | null = null;
    if (text[at] === '/') {
      // The rest of a path is a selection of one name.
      const path = /^[^,()]*(?:\([^()]*\))?/.exec(text.slice(at + 1))?.[0] ?? '';
      below = parseSelection(path, 0).selection;
      at += 1 + path.length;
    } else if (text[at] === '(') {
      const inner = parseSelection(text, at + 1);
      if (text[inner.at] !== ')') throw invalidSelection(text);
      below = inner.selection;
      at = inner.at + 1;
    }
    const key = name[1] as string;
    const known = selection.get(key);
    selection.set(key, known instanceof Map && below !== null ? new Map([...known, ...below]) : below);
    if (text[at] !== ',') return { selection, at };
    at += 1;
  }
}

function select(value: unknown, selection: Selection): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => select(item, selection));
  if (!isJsonObject(value)) return value;
  const selected: [string, unknown][] = [];
  for (const [name, field] of Object.entries(value)) {
    const below = selection.has(name) ? selection.get(name) : selection.get('*');
    if (below !== undefined) selected.push([name, below === null ? field : select(field, below)]);
  }
  return Object.fromEntries(selected);
}

function invalidSelection(text: string): Error {
  return invalidArgument(`Invalid value for fields: "${text}" is not a selection of fields.`, {
    locationType: 'parameter',
    location: 'fields',
  });
}
