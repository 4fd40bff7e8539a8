import type { RaisedWall, RaiseSpec, Wall } from './wall.ts';

/** The wall of a lease. It is put up and proved before the first command, and again when it has fallen. */
export class StandingWall {
  readonly #wall: Wall;
  readonly #spec: RaiseSpec;
  /** Null once it is known that it could not be raised, or fell. */
  #raised: Promise<RaisedWall> | null;

  /** Begins to raise it at once: that takes as long as restoring a small session does. */
  constructor(wall: Wall, spec: RaiseSpec) {
    this.#wall = wall;
    this.#spec = spec;
    this.#raised = this.#raise();
  }

  /** A wall that has been proved and stands. Rejects with `wall/unavailable`; the next call then tries again. */
  async get(): Promise<RaisedWall> {
    const tried = this.#raised;
    this.#raised = null;
    const raised = await (tried ?? this.#raise());
    if (!raised.hasFallen()) {
      this.#raised = Promise.resolve(raised);
      return raised;
    }
    await raised.close();
    const another = await this.#raise();
    this.#raised = Promise.resolve(another);
    return another;
  }

  async close(): Promise<void> {
    const raised = await this.#raised?.catch(() => null);
    await raised?.close();
  }

  #raise(): Promise<RaisedWall> {
    const raised = raiseAndProve(this.#wall, this.#spec);
    raised.catch(() => {}); // whoever asks for it is told
    return raised;
  }
}

async function raiseAndProve(wall: Wall, spec: RaiseSpec): Promise<RaisedWall> {
  const raised = await wall.raise(spec);
  try {
    await raised.prove();
    return raised;
  } catch (error) {
    await raised.close();
    throw error;
  }
}
