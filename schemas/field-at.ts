import { quote } from './quote.ts';

/** A place in a message, as a sentence names it. */
export interface Field {
  /** "files[0].path"; "the message" for the message itself. */
  readonly name: string;
  readonly path: readonly string[];
  readonly isRoot: boolean;
  readonly value: unknown;
  /** The name of a field inside this one. */
  child(name: string): string;
}

/** Finds what a JSON pointer (RFC 6901) of the validator means in the value that it checked. */
export function fieldAt(root: object, pointer: string): Field {
  const path = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  let value: unknown = root;
  let name = '';
  for (const part of path) {
    name = Array.isArray(value) ? `${name}[${part}]` : join(name, part);
    value = Object(value)[part];
  }
  return {
    name: name === '' ? 'the message' : name,
    path,
    isRoot: path.length === 0,
    value,
    child: (part) => join(name, part),
  };
}

function join(name: string, part: string): string {
  if (!/^[A-Za-z_][\w-]{0,99}$/.test(part)) return `${name}[${quote(part)}]`;
  return name === '' ? part : `${name}.${part}`;
}

/** Fields whose values may be somebody's secret or data: sentences name them and never show what they hold. */
const secretFields = new Set([
  'env',
  'command',
  'stdin',
  'content',
  'stdout',
  'stderr',
  'stdoutBase64',
  'stderrBase64',
  'bytes',
  'data',
  'attributes',
  'set',
  'url',
  'body',
]);

export const isSecret = (path: readonly string[]): boolean => path.some((part) => secretFields.has(part));
