import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { runTool } from './run-tool.ts';

const root = join(import.meta.dirname, '../..');
const script = join(import.meta.dirname, 'install-packages.sh');

/**
 * Installs on this machine what the stage `packages` of a Dockerfile would install in the image, once for each lock file,
 * and resolves with the folder that stands for that stage. An image then needs no npm and no registry while it is built.
 */
export async function stagePackages(
  kind: 'executor' | 'services',
  { cache, say }: { readonly cache: string; readonly say: (text: string) => void },
): Promise<string> {
  const inputs = ['package.json', 'package-lock.json'].map((name) => join(root, name));
  const hash = createHash('sha256');
  for (const path of [...inputs, script]) hash.update(readFileSync(path));
  const folder = join(cache, `packages-${kind}-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  say(`installing the packages of the ${kind} image (npm) …`);
  mkdirSync(cache, { recursive: true });
  const made = mkdtempSync(join(cache, 'packages-new-'));
  try {
    const packages = join(made, 'packages');
    mkdirSync(packages);
    for (const path of inputs) copyFileSync(path, join(packages, path.slice(root.length + 1)));
    // npm starts whatever is called node.
    const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
    await runTool('/bin/bash', [script, kind], { cwd: packages, env: { PATH: path } });
    renameSync(made, folder);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    throw error;
  }
  return folder;
}
