import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOnlyChild } from '../../../executor/walls/processes.ts';

const program = join(import.meta.dirname, '../../support/sandbox-launcher.bash');

/** A launcher of sandboxes for one test file; what it is like stands in sandbox-launcher.bash. */
export interface SandboxStandIn {
  readonly path: string;
  /** Names of the sandboxes that run, as far as the launcher knows. */
  running(): string[];
  /** The first process of the only sandbox that runs. */
  firstProcess(): number | null;
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
    firstProcess() {
      const [name] = readdirSync(state);
      return name === undefined ? null : readOnlyChild(Number(readFileSync(join(state, name), 'utf8')));
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
