import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputStream, ProcessEnd, SpawnerReport, SpawnerRequest, TaskCommand } from './spawner-messages.ts';

export interface TaskEvents {
  started(): void;
  output(stream: OutputStream, text: string): void;
  /** Called exactly once per start, also when the process could not be started. */
  ended(end: ProcessEnd): void;
}

export interface TaskProcess {
  /** SIGTERM goes to the main process, SIGKILL to everything that the task started. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

export interface Spawner {
  start(command: TaskCommand, events: TaskEvents): TaskProcess;
  /** Kills all tasks and resolves when their processes and folders are gone. */
  close(): Promise<void>;
}

interface Started {
  readonly events: TaskEvents;
  /** Known once the process runs. */
  place: { readonly pid: number; readonly folder: string } | null;
  ended: boolean;
}

/**
 * Starts the small process that starts tasks (`spawner-process.mjs`) and resolves when it is ready.
 * When that process dies its tasks end as `lost`, and a new one clears up what is left of them.
 */
export async function startSpawner(scratchDir: string): Promise<Spawner> {
  mkdirSync(scratchDir, { recursive: true, mode: 0o711 });
  const spawner = new SpawnerHandle(scratchDir);
  await spawner.ready();
  return spawner;
}

class SpawnerHandle implements Spawner {
  readonly #scratchDir: string;
  readonly #tasks = new Map<number, Started>();
  #nextId = 1;
  #child: ChildProcess | null = null;
  #ready: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(scratchDir: string) {
    this.#scratchDir = scratchDir;
  }

  ready(): Promise<void> {
    this.#connect();
    return this.#ready;
  }

  start(command: TaskCommand, events: TaskEvents): TaskProcess {
    const id = this.#nextId++;
    this.#tasks.set(id, { events, place: null, ended: false });
    this.#send({ kind: 'start', id, scratchDir: this.#scratchDir, ...command });
    return { signal: (name) => this.#tasks.has(id) && this.#send({ kind: 'signal', id, signal: name }) };
  }

  async close(): Promise<void> {
    this.#closed = true;
    const child = this.#child;
    if (child === null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    // A closed channel makes the process kill its tasks, remove their folders and exit.
    if (child.connected) child.disconnect();
    await exited;
  }

  #send(request: SpawnerRequest): void {
    if (this.#closed) return;
    // A failed send means that the process is gone; its 'exit' ends every task.
    this.#connect().send(request, () => {});
  }

  #connect(): ChildProcess {
    if (this.#child !== null) return this.#child;
    const child = fork(join(import.meta.dirname, 'spawner-process.mjs'), [], {
      execArgv: [],
      env: {},
      // Its own group: what kills the host's group leaves it alive to clean up.
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child = child;
    this.#ready = new Promise((resolve, reject) => {
      child.once('message', () => resolve());
      child.on('error', (error) => {
        reject(error);
        this.#lost(child, error.message);
      });
    });
    // Only the first start waits for it; later ones learn of a failure through the end of their tasks.
    this.#ready.catch(() => {});
    child.on('message', (report) => this.#receive(report as SpawnerReport));
    child.on('exit', (code, signal) => this.#lost(child, `the spawner process ended (${signal ?? code})`));
    return child;
  }

  #receive(report: SpawnerReport): void {
    if (report.kind === 'ready') return;
    const task = this.#tasks.get(report.id);
    if (task === undefined) return;
    if (report.kind === 'started') {
      task.place = { pid: report.pid, folder: report.folder };
      task.events.started();
    } else if (report.kind === 'output') {
      task.events.output(report.stream, report.text);
    } else if (report.kind === 'ended') {
      task.ended = true;
      task.events.ended(report.end);
    } else {
      this.#tasks.delete(report.id);
    }
  }

  #lost(child: ChildProcess, message: string): void {
    if (this.#child !== child) return;
    this.#child = null;
    const left = [...this.#tasks];
    this.#tasks.clear();
    for (const [id, { place }] of left) {
      if (place !== null) this.#send({ kind: 'clear', id, ...place });
    }
    for (const [, { events, ended }] of left) {
      if (!ended) events.ended({ kind: 'lost', message });
    }
  }
}
