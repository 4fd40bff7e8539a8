import { PipelineError } from '../../execution/pipeline-error.ts';
import { proxyPort } from '../network/proxy-environment.ts';
import type { EgressOptions, EgressProxy } from '../network/serve-egress.ts';
import { proved, raiseAgain } from './raise-again.ts';
import type { RaisedWall, RaiseSpec, Wall } from './wall.ts';

export interface StandingSpec extends Omit<RaiseSpec, 'network'> {
  /** Whether the first command asks for a network. */
  readonly withNetwork?: boolean;
  /** How its proxy decides; as in production when absent. */
  readonly egress?: EgressOptions;
}

/** What the next command needs of the wall; what is absent it does not mind. */
export type StandingRequest = Pick<StandingSpec, 'withNetwork' | 'tmpMb'>;

/** A wall that stands, and the proxy that is the way out of it; null where there is none. */
export interface Standing {
  readonly raised: RaisedWall;
  readonly proxy: EgressProxy | null;
}

/** The wall of a lease. It is put up and proved before the first command, and again when it has fallen or needs a network. */
export class StandingWall {
  readonly #wall: Wall;
  #spec: StandingSpec;
  #standing: Promise<Standing>;
  /** The last one could not be raised, or fell, or it is not known yet. */
  #isSpent = false;
  #isClosed = false;

  /** Begins to raise it at once: that takes as long as restoring a small session does. */
  constructor(wall: Wall, spec: StandingSpec) {
    this.#wall = wall;
    this.#spec = spec;
    this.#standing = this.#raise(spec.withNetwork ?? false);
  }

  /**
   * A wall that has been proved and stands, with a proxy if one is asked for and the wall gives a network by it; another one
   * where /tmp is to have another size. Rejects with `wall/unavailable`; the next call then tries again.
   */
  async get({ withNetwork = false, tmpMb = this.#spec.tmpMb }: StandingRequest = {}): Promise<Standing> {
    if (tmpMb !== undefined && tmpMb !== this.#spec.tmpMb) await this.#resize(tmpMb);
    if (this.#isSpent) this.#standing = this.#raise(withNetwork);
    this.#isSpent = true;
    let standing = await this.#standing;
    const lacksProxy = withNetwork && this.#wall.network === 'by-proxy' && standing.proxy === null;
    if (standing.raised.hasFallen() || lacksProxy) {
      await close(standing);
      this.#standing = this.#raise(withNetwork);
      standing = await this.#standing;
    }
    this.#isSpent = false;
    return standing;
  }

  async #resize(tmpMb: number): Promise<void> {
    const standing = await this.#standing.catch(() => null);
    if (standing !== null) await close(standing);
    this.#spec = { ...this.#spec, tmpMb };
    this.#isSpent = true;
  }

  /** Also while somebody waits for it: none is raised any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const standing = await this.#standing.catch(() => null);
    if (standing !== null) await close(standing);
  }

  #raise(withNetwork: boolean): Promise<Standing> {
    const withProxy = withNetwork && this.#wall.network === 'by-proxy';
    const standing = this.#isClosed ? refuseToRaise() : raiseAgain(() => raiseOnce(this.#wall, this.#spec, withProxy));
    standing.catch(() => {}); // whoever asks for it is told
    return standing;
  }
}

async function close({ raised, proxy }: Standing): Promise<void> {
  await raised.close();
  await proxy?.close();
}

async function raiseOnce(wall: Wall, spec: StandingSpec, withProxy: boolean): Promise<Standing> {
  const { egress, withNetwork: _, ...wallSpec } = spec;
  if (!withProxy) return { raised: await proved(await wall.raise(wallSpec)), proxy: null };
  // Loaded for those that need it: most commands have no network, and wait for the executor's start.
  const { openEgress } = await import('../network/open-egress.ts');
  const opening = openEgress(egress);
  const raised = await wall.raise({ ...wallSpec, network: { port: proxyPort, onListening: opening.onListening } });
  const proxy = await opening.proxy;
  try {
    await proved(raised, () => opening.prove(wall.kind, raised, spec.folders));
    return { raised, proxy };
  } catch (error) {
    await proxy.close();
    throw error;
  }
}

async function refuseToRaise(): Promise<never> {
  throw new PipelineError('wall/unavailable', 'the executor is ending');
}
