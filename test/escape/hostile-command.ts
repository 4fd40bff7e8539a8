import process from 'node:process';
import type { Assignment } from '../../execution/lease-protocol.ts';
import { type CallName, callNumber } from '../../executor/walls/seccomp-calls.ts';
import type { CompletionEvent } from '../../schemas/generated/messages.ts';

/** What a command is after. */
export const subjects = {
  processes: 'Other processes',
  kernel: 'The kernel',
  privileges: 'Privileges, namespaces and mounts',
  files: 'Files of others',
  descriptors: 'Descriptors, arguments and environments',
  signals: 'The supervisor',
  network: 'Networks',
  resources: 'The machine',
  output: 'Whoever reads the output',
} as const;

export interface HostileCommand {
  readonly subject: keyof typeof subjects;
  /** What it tries, as the end of a sentence that begins with "A command". */
  readonly tries: string;
  /** Bash; words like @CANARY@ stand for what is on this machine (`hostile-host.ts`). */
  readonly command: string;
  /** What must be seen. `closed` alone on stdout when it is not said. */
  readonly seen?: Seen;
  /** The only processor that it can be tried on. */
  readonly architecture?: 'x64';
  /** Programs without which it would prove nothing. */
  readonly needs?: readonly string[];
  readonly limits?: Partial<Assignment['limits']>;
  /** Asked for; none when it is not said. */
  readonly network?: 'internet';
}

export interface Seen {
  readonly stdout?: string | RegExp;
  readonly stderr?: RegExp;
  /** Kinds of outcome, one of them; `exited` when it is not said. */
  readonly ends?: readonly CompletionEvent['outcome']['kind'][];
  readonly exitCode?: number;
  readonly stateCaptured?: boolean;
  readonly warning?: RegExp;
  /** It is not run at all, and no wall is told. */
  readonly isRefused?: true;
}

/** Says `closed` when all of these fail, and which of them worked otherwise. */
export const attempts = (...tries: readonly string[]): string =>
  [...tries.map((one, index) => `(${one}\n) </dev/null >/dev/null 2>&1 && echo worked: ${index}`), 'echo closed'].join(
    '\n',
  );

/** Numbers of error codes, as this suite expects them. */
export const errors = { EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97, EPROTONOSUPPORT: 93 } as const;

type CallAttempt = readonly [call: CallName, ...given: readonly (number | string)[]];

/** Makes system calls directly, and says the error of each. A text among the arguments is given by its address. */
export function systemCalls(...calls: readonly CallAttempt[]): string {
  const lines = calls.map(([call, ...given]) => {
    // What a processor does not have is not tried there; the text of the command is.
    const number = callNumber(call, process.arch === 'arm64' ? 'arm64' : 'x64') ?? callNumber('ptrace', 'x64');
    const list = given.map((one) => (typeof one === 'number' ? one : JSON.stringify(one))).join(', ');
    return `@given = (${list}); print syscall(${number}, @given) == -1 ? $! + 0 : "worked", "\n";`;
  });
  return `perl -e '$| = 1; ${lines.join('\n')}'`;
}

/** What `systemCalls` says when each of so many is refused. */
export const refusedWith = (errno: number, count: number): string => `${errno}\n`.repeat(count);
