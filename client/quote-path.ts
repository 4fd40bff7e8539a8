import type { BytePath } from '../workspace/byte-path.ts';

const named: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const special = /[\x00-\x1f"\\\x7f-\xff]/g;

/**
 * A path as git writes it in a diff: in quotes where a byte of it is no printable ASCII, a quote or a backslash, each of those
 * by a letter or by three octal digits. So it is one line, whatever a file is called, and `patch` and `git apply` read it back.
 */
export function quotePath(path: BytePath): string {
  const escaped = path.replace(
    special,
    (byte) => named[byte] ?? `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  return escaped === path ? path : `"${escaped}"`;
}
