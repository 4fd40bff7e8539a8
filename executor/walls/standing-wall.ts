import { PipelineError } from '../../execution/pipeline-error.ts';
import type { RaisedWall, RaiseSpec, Wall } from './wall.ts';

/** The wall of a lease. It is put up and proved before the first command, and again when it has fallen. */
export class StandingWall {
  readonly #wall: Wall;
  #spec: RaiseSpec;
  #raised: Promise<RaisedWall>;
  /** The last one could not be raised, or fell, or it is not known yet. */
  #isSpent = false;
  #isClosed = false;

  /** Begins to raise it at once: that takes as long as restoring a small session does. */
  constructor(wall: Wall, spec: RaiseSpec) {
    this.#wall = wall;
    this.#spec = spec;
    this.#raised = this.#raise();
  }

  /**
   * A wall that has been proved and stands; another one where /tmp is to have another size. Rejects with `wall/unavailable`;
   * the next call then tries again.
   */
  async get(tmpMb = this.#spec.tmpMb): Promise<RaisedWall> {
    if (tmpMb !== undefined && tmpMb !== this.#spec.tmpMb) await this.#resize(tmpMb);
    if (this.#isSpent) this.#raised = this.#raise();
    this.#isSpent = true;
    let raised = await this.#raised;
    if (raised.hasFallen()) {
      await raised.close();
      this.#raised = this.#raise();
      raised = await this.#raised;
    }
    this.#isSpent = false;
    return raised;
  }

  async #resize(tmpMb: number): Promise<void> {
    const raised = await this.#raised.catch(() => null);
    await raised?.close();
    this.#spec = { ...this.#spec, tmpMb };
    this.#isSpent = true;
  }

  /** Also while somebody waits for it: none is raised any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const raised = await this.#raised.catch(() => null);
    await raised?.close();
  }

  #raise(): Promise<RaisedWall> {
    const raised = this.#isClosed ? refuseToRaise() : raiseAndProve(this.#wall, this.#spec);
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

async function refuseToRaise(): Promise<never> {
  throw new PipelineError('wall/unavailable', 'the executor is ending');
}
