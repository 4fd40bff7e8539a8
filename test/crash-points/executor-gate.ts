import type { CrashPoint } from './call-killer.ts';

/** A call of an executor that changes something. */
export interface GatedCall {
  /** What it writes, such as `packs`: calls are counted by this, so that those that are under way at once may come in any order. */
  readonly name: string;
  /** The object that it stores, if it stores one. */
  readonly object: string | null;
}

/**
 * Lets the calls of one executor at a time pass, and kills it at one of them: on its arrival, of which nothing is carried out then,
 * or once it is carried out, of which the executor never hears. From then on nothing of that executor passes.
 */
export class ExecutorGate {
  readonly #kill: () => void;
  #point: CrashPoint | null = null;
  #isShut = false;
  #calls: string[] = [];
  #stored: string[] = [];
  #underWay = new Set<Promise<unknown>>();

  constructor(kill: () => void) {
    this.#kill = kill;
  }

  /** For the next executor, which dies at the point; null: it lives. */
  arm(point: CrashPoint | null): void {
    this.#point = point;
    this.#isShut = false;
    this.#calls = [];
    this.#stored = [];
  }

  get hasKilled(): boolean {
    return this.#isShut;
  }

  /** What has arrived, by name. */
  get calls(): readonly string[] {
    return this.#calls;
  }

  /** Which objects were stored, once nothing is under way any more. */
  async stored(): Promise<readonly string[]> {
    await Promise.all(this.#underWay);
    return this.#stored;
  }

  /** Resolves with the answer, or with null where nobody is left to hear it. */
  async pass<T extends { readonly isDone: boolean }>(call: GatedCall, carryOut: () => Promise<T>): Promise<T | null> {
    if (this.#isShut) return null;
    this.#calls.push(call.name);
    const nth = this.#calls.filter((name) => name === call.name).length;
    const isPoint = this.#point?.call === call.name && this.#point.nth === nth;
    if (isPoint && this.#point?.when === 'before') {
      this.#shut();
      return null;
    }
    const carried = carryOut();
    this.#underWay.add(carried);
    const answer = await carried.finally(() => this.#underWay.delete(carried));
    if (answer.isDone && call.object !== null) this.#stored.push(call.object);
    if (isPoint) this.#shut();
    return this.#isShut ? null : answer;
  }

  #shut(): void {
    this.#isShut = true;
    this.#kill();
  }
}
