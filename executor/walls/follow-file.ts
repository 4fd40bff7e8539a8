import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** How long new bytes may lie in a file before they are noticed. */
export const pollMs = 15;
const pieceBytes = 256 * 1024;
/** When a file has this size its writer marks it and waits until it was emptied (start-command.bash). */
export const fullBytes = 8 * 1024 * 1024;
const unmarked = 0o600;

/** Emptied before its writer has seen how long it is, the file would look to it like one that is at its end. */
const isMarkedFull = async (file: FileHandle): Promise<boolean> => ((await file.stat()).mode & 0o100) !== 0;

/**
 * Copies what is appended to a file into a named pipe whose reader is there already, and waits while nobody takes it. A file
 * that is full is emptied when all of it was copied, so that it never takes more room.
 * `finish` resolves when all that is in the file then is in the pipe, and the pipe is closed.
 */
export class FollowedFile {
  readonly #path: string;
  readonly #pipe: Socket;
  #isFinished = false;
  #hasReader = true;
  readonly #copied: Promise<void>;

  constructor(path: string, pipe: string) {
    this.#path = path;
    const fd = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    try {
      this.#pipe = new Socket({ fd, readable: false, writable: true });
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    this.#pipe.on('error', () => {
      this.#hasReader = false;
    });
    this.#copied = this.#copy();
    this.#copied.catch(() => {}); // told by finish
  }

  async finish(): Promise<void> {
    this.#isFinished = true;
    await this.#copied;
  }

  async #copy(): Promise<void> {
    const file = await open(this.#path, constants.O_RDWR | constants.O_NOFOLLOW);
    try {
      for (let position = 0; this.#hasReader; ) {
        // Asked before the read: what is there at the end is read.
        const isLast = this.#isFinished;
        const read = await this.#copyPiece(file, position);
        position += read;
        if (position === fullBytes && (await isMarkedFull(file))) {
          await file.chmod(unmarked);
          await file.truncate();
          position = 0;
        }
        if (read === 0 && isLast) break;
        if (read === 0) await delay(pollMs);
      }
    } finally {
      this.#pipe.end();
      await file.close();
    }
  }

  async #copyPiece(file: FileHandle, position: number): Promise<number> {
    const length = Math.min(pieceBytes, fullBytes - position);
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
    if (bytesRead === 0) return 0;
    if (!this.#pipe.write(buffer.subarray(0, bytesRead))) {
      await Promise.race([once(this.#pipe, 'drain'), once(this.#pipe, 'close')]).catch(() => {});
    }
    return bytesRead;
  }
}
