import type { RaisedWall } from './wall.ts';

/** One that falls while it is proved proves nothing; what was found open stays found. */
const mostRaises = 3;

/** The wall did not live to the end of its proof. */
class FallenWall extends Error {}

/** Raises anew what fell while it was proved, a few times; rejects then with what the last proof ended with. */
export async function raiseAgain<T>(raise: () => Promise<T>): Promise<T> {
  for (let raises = 1; ; raises += 1) {
    try {
      return await raise();
    } catch (error) {
      if (!(error instanceof FallenWall)) throw error;
      if (raises === mostRaises) throw error.cause;
    }
  }
}

/** Closes what does not pass. Within `raiseAgain` it is raised anew where it fell. */
export async function proved(raised: RaisedWall, further = async () => {}): Promise<RaisedWall> {
  try {
    await raised.prove();
    await further();
    return raised;
  } catch (error) {
    const cause = raised.hasFallen() ? new FallenWall('the wall fell while it was proved', { cause: error }) : error;
    await raised.close();
    throw cause;
  }
}
