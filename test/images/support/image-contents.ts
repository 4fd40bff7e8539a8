import { buildah, type ImageStore } from '../../../infra/images/image-store.ts';
import { runTool } from '../../../infra/images/run-tool.ts';

/** V8 leaves in it what happened to be in memory: hashes with the seed of the process, and padding. */
const compiled = 'opt/sandbus/node_modules/.cache/compile';

const list = `cd -- "$1"
  find . -mindepth 1 -path ./${compiled} -prune -o ! -type f -printf '%P %y %m %U %G %T@ %l\\n'
  find . -path ./${compiled} -prune -o -type f -printf '%P %y %m %U %G %T@ %s\\n'
  find . -path ./${compiled} -prune -o -type f -print0 | xargs -0 sha256sum
  find ${compiled} -mindepth 1 -printf '%y %m %U %G %T@\\n' 2>/dev/null | uniq | sort -u`;

/** Each file of an image with its kind, rights, owner, time and digest, and how the image is started; sorted. */
export async function imageContents(store: ImageStore, id: string): Promise<readonly string[]> {
  const config = await buildah(store, ['inspect', '--type', 'image', '--format', '{{.OCIv1.Config}}', id]);
  const container = (await buildah(store, ['from', '--pull-never', id])).trim();
  try {
    const root = (await buildah(store, ['mount', container])).trim();
    const files = await runTool('/bin/bash', ['-c', list, 'list', root]);
    return [config.trim(), ...files.trim().split('\n').sort()];
  } finally {
    await buildah(store, ['rm', container]);
  }
}
