import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** What the supervisor of a sandbox has said of its command so far; supervise-command.bash has the order. */
export interface SandboxStatus {
  readonly hasStarted: boolean;
  /** Why it did not start; null while that is not said. */
  readonly refusal: string | null;
  /** 128 + n for signal n, as shells count; null while it has not ended, or its supervisor did not live to see it. */
  readonly status: number | null;
}

/** Total: the file is written in a sandbox. Words that are not its own count as not said. */
export function parseSandboxStatus(text: string): SandboxStatus {
  // A line that is being written has no end yet.
  const lines = text.split('\n').slice(0, -1);
  const refusal = lines.find((line) => line.startsWith('refused '))?.slice('refused '.length) ?? null;
  const status = /^ended (\d{1,3})$/.exec(lines.at(-1) ?? '')?.[1];
  return {
    hasStarted: lines[0] === 'started',
    refusal,
    status: status !== undefined && Number(status) <= 255 ? Number(status) : null,
  };
}

const longestStatus = 4096;

export function readSandboxStatus(path: string): SandboxStatus {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!fstatSync(fd).isFile()) return parseSandboxStatus('');
    const bytes = Buffer.alloc(longestStatus);
    return parseSandboxStatus(bytes.toString('latin1', 0, readSync(fd, bytes, 0, longestStatus, 0)));
  } finally {
    closeSync(fd);
  }
}
