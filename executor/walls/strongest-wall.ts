import { PipelineError } from '../../execution/pipeline-error.ts';
import { proved, raiseAgain } from './raise-again.ts';
import type { RaisedWall, Wall } from './wall.ts';

/**
 * The first of these walls that can be raised and is proved to hold. Which one it is shows when it has been raised; until
 * then it looks like the first. It stays with that one: a wall that falls later is raised again as the same kind.
 *
 * @param candidates of one owner, because their folders are made before any of them is raised
 */
export function createStrongestWall(candidates: readonly [Wall, ...Wall[]]): Wall {
  let [settled] = candidates;
  let isSettled = candidates.length === 1;
  return {
    get kind() {
      return settled.kind;
    },
    get countsOwnProcesses() {
      return settled.countsOwnProcesses;
    },
    get network() {
      return settled.network;
    },
    get isConfinable() {
      return settled.isConfinable;
    },
    owner: candidates[0].owner,
    inside: (folders) => settled.inside(folders),
    async raise(spec) {
      if (isSettled) return await settled.raise(spec);
      const tried: Wall[] = [];
      const failures: unknown[] = [];
      for (const candidate of candidates) {
        // It would stand without the network that is asked for.
        if (spec.network && candidate.network !== 'by-proxy') continue;
        tried.push(candidate);
        try {
          const raised = new ProvedWall(await raiseAgain(async () => proved(await candidate.raise(spec))));
          settled = candidate;
          isSettled = true;
          return raised;
        } catch (error) {
          failures.push(error);
        }
      }
      throw noneHolds(tried, failures);
    },
  };
}

/** It was proved a moment ago. */
class ProvedWall implements RaisedWall {
  readonly #raised: RaisedWall;

  constructor(raised: RaisedWall) {
    this.#raised = raised;
  }

  readonly run: RaisedWall['run'] = (spec) => this.#raised.run(spec);
  readonly prove: RaisedWall['prove'] = async () => {};
  readonly leavesOpen: RaisedWall['leavesOpen'] = () => this.#raised.leavesOpen();
  readonly hasFallen: RaisedWall['hasFallen'] = () => this.#raised.hasFallen();
  get tmpFolder() {
    return this.#raised.tmpFolder;
  }
  readonly close: RaisedWall['close'] = () => this.#raised.close();
}

function noneHolds(tried: readonly Wall[], failures: readonly unknown[]): PipelineError {
  const told = failures.map((error, index) => {
    const { message } = PipelineError.from(error, 'wall/unavailable');
    return `${tried[index]?.kind}: ${message.replace(/^\[.+?\] /, '')}`;
  });
  return new PipelineError('wall/unavailable', `no wall holds here. ${told.join(' · ')}`);
}
