import { describe, it } from '@jest/globals';
import { type ImageWorld, MachineError, openImageWorld } from './image-world.ts';

/** Builds the images where that is possible; `world` is null where it is not, and `why` says so. */
export async function buildWhereItCan() {
  const started = performance.now();
  try {
    const world = await openImageWorld();
    return { why: '', world, builtMs: performance.now() - started };
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    return { why: error.message.replaceAll('\n', ' ').slice(0, 300), world: null, builtMs: 0 };
  }
}

/** Declares tests that need the images; where there are none they are skipped, and the title of their group says why. */
export function whereBuilt(
  { why, world, builtMs }: Awaited<ReturnType<typeof buildWhereItCan>>,
  declareTests: (world: ImageWorld, builtMs: number) => void,
): void {
  if (world !== null) declareTests(world, builtMs);
  else declareUnbuilt(`the images, not installed: podman and buildah, by root on Debian: ${why}`);
}

function declareUnbuilt(title: string): void {
  const group = describe.skip;
  group(title, () => {
    it('are built and run', () => {});
  });
}
