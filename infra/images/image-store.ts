import { runTool, type ToolCall } from './run-tool.ts';

/** Where images are: folders of one's own, or the engine's default place when null. */
export interface ImageStore {
  readonly folder: string | null;
  readonly driver: 'overlay' | 'vfs' | null;
}

/** Options in front of a command of buildah and podman. */
export const storeOptions = ({ folder, driver }: ImageStore): readonly string[] => [
  ...(folder === null ? [] : ['--root', `${folder}/root`, '--runroot', `${folder}/run`]),
  ...(driver === null ? [] : ['--storage-driver', driver]),
];

export const buildah = (store: ImageStore, args: readonly string[], call: ToolCall = {}): Promise<string> =>
  runTool('buildah', [...storeOptions(store), ...args], call);

/** A store in this folder with the faster driver, where this machine's file system bears it. */
export async function openStore(folder: string): Promise<ImageStore> {
  const overlay = { folder, driver: 'overlay' } as const;
  try {
    const container = (await buildah(overlay, ['from', 'scratch'])).trim();
    await buildah(overlay, ['mount', container]);
    await buildah(overlay, ['rm', container]);
    return overlay;
  } catch {
    return { folder: `${folder}-vfs`, driver: 'vfs' };
  }
}

/** The id of an image; null when the store has none of this name. */
export async function findImage(store: ImageStore, name: string): Promise<string | null> {
  try {
    return (await buildah(store, ['inspect', '--type', 'image', '--format', '{{.FromImageID}}', name])).trim();
  } catch {
    return null;
  }
}

/** Bytes of an image with all its layers, as the engine counts them. */
export async function imageBytes(store: ImageStore, name: string): Promise<number> {
  const [row] = JSON.parse(await buildah(store, ['images', '--json', name])) as { readonly size?: string }[];
  const [, number = '0', unit = ''] = /^([\d.]+)\s*([KMG]?)B$/i.exec(row?.size ?? '') ?? [];
  return Number(number) * { '': 1, K: 1e3, M: 1e6, G: 1e9 }[unit.toUpperCase() as '' | 'K' | 'M' | 'G'];
}
