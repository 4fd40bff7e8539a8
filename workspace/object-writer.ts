import { BoundedTasks } from './bounded-tasks.ts';
import type { WorkspaceObjects } from './workspace-objects.ts';

const batchBytes = 8 * 1024 * 1024;
const batchObjects = 64;
const batchesAtOnce = 2;

/**
 * Gathers objects into few calls: what a small change leaves goes out in one. Nothing refers to an object before the
 * whole save has succeeded, so the order does not matter.
 */
export class ObjectWriter {
  readonly #objects: WorkspaceObjects;
  readonly #writes = new BoundedTasks(batchesAtOnce);
  #batch = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(objects: WorkspaceObjects) {
    this.#objects = objects;
  }

  async put(object: string, bytes: Uint8Array): Promise<void> {
    this.#batch.set(object, bytes);
    this.#bytes += bytes.length;
    if (this.#bytes >= batchBytes || this.#batch.size >= batchObjects) await this.#send();
  }

  async finish(): Promise<void> {
    if (this.#batch.size > 0) await this.#send();
    await this.#writes.finish();
  }

  settle(): Promise<void> {
    return this.#writes.settle();
  }

  #send(): Promise<void> {
    const batch = this.#batch;
    this.#batch = new Map();
    this.#bytes = 0;
    return this.#writes.start(() => this.#objects.write(batch));
  }
}
