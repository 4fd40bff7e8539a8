/**
 * The sizes of executors. Overrides of a launch cannot change size, network or image, so each combination is a job of its
 * own. The file system of a job is its memory: the ceilings of a size leave room for the workspace, `/tmp` and the executor.
 */
export const sizes = {
  small: { cpu: 1, memoryMb: 2048, ceilings: { memoryMb: 1024, workspaceMb: 512, tmpMb: 128 } },
  medium: { cpu: 2, memoryMb: 8192, ceilings: { memoryMb: 4096, workspaceMb: 2560, tmpMb: 512 } },
  large: { cpu: 4, memoryMb: 16_384, ceilings: { memoryMb: 8192, workspaceMb: 5120, tmpMb: 1024 } },
} as const;

export type SizeName = keyof typeof sizes;
export const sizeNames = Object.keys(sizes) as SizeName[];
/** Every deployment has it; the others are asked for. */
export const smallestSize: SizeName = 'small';

/** What the executor itself takes of a job's memory (`bench/` measures less). */
export const executorMemoryMb = 256;

export type NetworkName = 'none' | 'internet';

export interface JobProfile {
  readonly name: string;
  readonly size: SizeName;
  readonly network: NetworkName;
  /** Name of the image among those of the deployment. */
  readonly image: string;
}

/** One job for each size, network and image. */
export function profilesOf(deployment: {
  readonly sizes: readonly SizeName[];
  readonly networks: readonly NetworkName[];
  readonly executorImages: Readonly<Record<string, string>>;
}): readonly JobProfile[] {
  return Object.keys(deployment.executorImages).flatMap((image) =>
    deployment.networks.flatMap((network) =>
      deployment.sizes.map((size) => ({ name: `sandbus-${image}-${size}-${network}`, size, network, image })),
    ),
  );
}
