import { chownSync, closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { startProcess } from '../start-process.ts';
import type { FileOwner } from '../walls/wall.ts';

/**
 * The pipes that a command writes to. They are named pipes because the ones that Node makes for a child are sockets,
 * and a socket cannot be opened again: `echo problem > /dev/stderr` would fail.
 */
export interface OutputPipes {
  readonly stdout: OutputPipe;
  readonly stderr: OutputPipe;
}

export interface OutputPipe {
  /** Keeps the read end from ending before the command has opened the pipe. This process closes it then. */
  readonly writeEnd: number;
  /**
   * Begins to read; to be called once. The stream ends when every copy of the write end is closed. `onPiece` gets pieces of one
   * buffer that is used again, and says whether to go on: otherwise the stream waits until it is resumed.
   */
  read(onPiece: (piece: Buffer) => boolean): Socket;
  /** Where it will not be read. */
  abandon(): void;
}

/** What a pipe of Linux holds: no read gives more. */
const pipeBytes = 64 * 1024;

const names = ['stdout', 'stderr'] as const;

/**
 * Makes the named pipes, once per executor. Commands open them, and may do so again through /dev/stdout. Those of another user
 * only write: they own none, else one command could close them for the next (`chmod 0 /dev/stdout`).
 */
export async function makeOutputPipes(folder: string, owner: FileOwner | null): Promise<void> {
  const paths = names.map((name) => join(folder, name));
  const mkfifo = await startProcess({
    file: 'mkfifo',
    args: ['-m', owner === null ? '600' : '620', ...paths],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
    stdio: ['ignore', 'ignore', 2],
  });
  const end = await mkfifo.ended;
  if (end.kind !== 'exited' || end.code !== 0) throw new Error(`mkfifo in ${folder} failed: ${JSON.stringify(end)}`);
  if (owner !== null) for (const path of paths) chownSync(path, -1, owner.gid);
}

/** Opens them for one command. */
export function openOutputPipes(folder: string): OutputPipes {
  const [stdout, stderr] = names.map((name) => openPipe(join(folder, name))) as [OutputPipe, OutputPipe];
  return { stdout, stderr };
}

function openPipe(path: string): OutputPipe {
  // Without O_NONBLOCK opening the read end waits for a writer, and the write end for a reader.
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeEnd = openSync(path, constants.O_WRONLY);
  return {
    writeEnd,
    read(onPiece) {
      const buffer = Buffer.allocUnsafeSlow(pipeBytes);
      const onread = { buffer, callback: (bytes: number) => onPiece(buffer.subarray(0, bytes)) };
      return new Socket({ fd: readFd, readable: true, writable: false, onread });
    },
    abandon: () => closeSync(readFd),
  };
}

export function closeWriteEnds({ stdout, stderr }: OutputPipes): void {
  closeSync(stdout.writeEnd);
  closeSync(stderr.writeEnd);
}
