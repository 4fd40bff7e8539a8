import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = join(import.meta.dirname, '../../support/sandbox-launcher.bash');

/** A launcher of sandboxes for one test file; what it is like stands in sandbox-launcher.bash. */
export interface SandboxStandIn {
  readonly path: string;
  /** Names of the sandboxes that run, as far as the launcher knows. */
  running(): string[];
  remove(): void;
}

export function createSandboxStandIn(): SandboxStandIn {
  const folder = mkdtempSync(join(tmpdir(), 'launcher-'));
  const path = join(folder, 'sandbox');
  copyFileSync(program, path);
  chmodSync(path, 0o755);
  const state = join(folder, 'running');
  return {
    path,
    running: () => (existsSync(state) ? readdirSync(state) : []),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
