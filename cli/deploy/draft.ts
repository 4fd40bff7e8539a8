import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Place } from './prerequisites.ts';
import { configFileOf, hasStack, openStack, type Stack, type StackTool, stackNameOf, stackOf } from './stack.ts';

/**
 * A stack to try a configuration on. Its configuration is a copy that is removed with `remove`, so that what is set there is
 * set nowhere else. (Values that `pulumi preview` and `pulumi up` are given as arguments are kept by them.)
 */
export interface Draft {
  readonly stack: Stack;
  /** Whether its state is that of the deployment; else nothing was deployed yet, and its state is empty and goes with it. */
  readonly isDeployed: boolean;
  remove(): Promise<void>;
}

/** `tool.stateUrl` is null where there is no state yet. */
export async function openDraft(
  place: Place,
  tool: Omit<StackTool, 'stateUrl'> & { readonly stateUrl: string | null },
): Promise<Draft> {
  const name = stackNameOf(place);
  const { stateUrl, ...rest } = tool;
  const folder = await mkdtemp(join(tmpdir(), 'sandbus-draft-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    if (stateUrl !== null && (await hasStack(name, { ...rest, stateUrl }))) {
      const copy = join(folder, 'configuration.yaml');
      await copyIfThere(configFileOf(name), copy);
      return { stack: stackOf({ ...rest, stateUrl }, name, copy), isDeployed: true, remove };
    }
    return await openEmpty(place, { ...rest, stateUrl: `file://${folder}` }, basename(folder), remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Pulumi writes the configuration of a new stack beside its program, whatever it is told. */
async function openEmpty(
  place: Place,
  tool: StackTool,
  draftName: string,
  removeFolder: () => Promise<void>,
): Promise<Draft> {
  const name = `${stackNameOf(place)}-${draftName}`;
  const remove = async () => {
    await rm(configFileOf(name), { force: true });
    await removeFolder();
  };
  try {
    await copyIfThere(configFileOf(stackNameOf(place)), configFileOf(name));
    return { stack: await openStack(place, tool, name), isDeployed: false, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A deployment may have been made from another checkout. */
async function copyIfThere(from: string, to: string): Promise<void> {
  await copyFile(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
