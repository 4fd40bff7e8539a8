import type { ExecRequest, InlineBytes } from '../schemas/generated/messages.ts';

/** The most that a request may carry, in the message or by the bucket; in bytes. */
export const requestCaps = {
  /** A shell reads all of it before it begins. */
  command: 16 * 1024 * 1024,
  /** Both lie on the executor's disk, which may be memory. */
  stdin: 256 * 1024 * 1024,
  file: 256 * 1024 * 1024,
  /**
   * Of `NAME=VALUE`: Linux passes no longer one to a program, counting the NUL at its end (execve(2), MAX_ARG_STRLEN). A shell could
   * have a longer one, and then start nothing.
   */
  variable: 128 * 1024 - 1,
  /** Of all of `env`, each with its NUL: half of what a program may be given with its arguments where the stack is 8 MiB. */
  env: 1024 * 1024,
} as const;

/** What of a request is larger than may be, with its size and the cap; null when nothing is. */
export function findOversize(request: ExecRequest): string | null {
  const sizes: (readonly [field: string, bytes: number, cap: number])[] = [
    ['command', request.commandRef?.bytes ?? Buffer.byteLength(request.command ?? ''), requestCaps.command],
    ['stdin', sizeOf(request.stdin), requestCaps.stdin],
    ...(request.files ?? []).map(
      ({ content }, index) => [`files[${index}].content`, sizeOf(content), requestCaps.file] as const,
    ),
  ];
  let envBytes = 0;
  for (const [name, value] of Object.entries(request.env ?? {})) {
    const bytes = Buffer.byteLength(name) + 1 + Buffer.byteLength(value);
    sizes.push([`env.${name}`, bytes, requestCaps.variable]);
    envBytes += bytes + 1;
  }
  sizes.push(['env', envBytes, requestCaps.env]);
  const over = sizes.find(([, bytes, cap]) => bytes > cap);
  return over === undefined ? null : describeOversize(...over);
}

export const describeOversize = (field: string, bytes: number, cap: number): string =>
  `${field} has ${bytes} bytes; at most ${cap} are possible`;

const sizeOf = ({ ref, base64, text = '' }: InlineBytes = {} as InlineBytes): number =>
  ref?.bytes ?? (base64 === undefined ? Buffer.byteLength(text) : Buffer.byteLength(base64, 'base64'));
