import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { runTool } from './run-tool.ts';

/** What builds images, and what runs them, without a daemon. */
export const builders = ['buildah', 'runc'] as const;
export const runners = ['podman', 'runc', 'iptables', 'netavark'] as const;
export const baseMakers = ['mmdebstrap'] as const;

/** Of dpkg-query, not of a template. */
const statusFormat = ['$', '{db:Status-Abbrev}'].join('');

const state = (name: string) =>
  spawnSync('dpkg-query', ['-W', '-f', statusFormat, name], { encoding: 'utf8' }).stdout ?? '';

export const missingPackages = (names: readonly string[]): readonly string[] =>
  names.filter((name) => !state(name).startsWith('ii'));

/** Why packages cannot be installed here; null when they can. */
export function whyNotInstall(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'only root can build and run these containers';
  if (spawnSync('apt-get', ['--version']).status !== 0) return 'there is no apt-get here';
  return null;
}

/** Installs those of the packages that are missing; rejects when that is impossible, and says by what they are installed. */
export async function ensurePackages(names: readonly string[], say: (text: string) => void): Promise<void> {
  const missing = missingPackages(names);
  if (missing.length === 0) return;
  const why = whyNotInstall();
  if (why !== null) throw new Error(`${why}. Install: ${missing.join(' ')}`);
  say(`installing ${missing.join(', ')} (apt-get) …`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  // Somebody else may be installing.
  const patiently = ['-qq', '-o', 'DPkg::Lock::Timeout=300'];
  await runTool('apt-get', [...patiently, 'update'], { env });
  await runTool('apt-get', [...patiently, 'install', '-y', '--no-install-recommends', ...missing], { env });
}
