import type { JobEvidence } from '../execution/job-evidence.ts';

/** What `inspect` of docker or podman says of one container, as far as it is read. */
export interface DescribedContainer {
  readonly name: string;
  readonly createdAt: number;
  /** Null while it has not ended. */
  readonly endedAt: number | null;
  readonly evidence: JobEvidence;
  /** Of the container's own, where Podman keeps what it knows of it. Docker does not tell. */
  readonly folder: string | null;
}

interface Inspected {
  readonly Name?: string;
  readonly Created?: string;
  readonly StaticDir?: string;
  readonly State?: {
    readonly Status?: string;
    readonly OOMKilled?: boolean;
    readonly ExitCode?: number;
    readonly Error?: string;
    readonly FinishedAt?: string;
  };
}

const running = ['running', 'paused', 'restarting', 'stopping', 'removing'];
const waiting = ['created', 'configured', 'initialized'];
const killed = 9;

/** Reads the output of `inspect`: one entry for each container that exists. Throws when it is none. */
export function readInspected(text: string): readonly DescribedContainer[] {
  return (JSON.parse(text) as readonly Inspected[]).map(({ Name = '', Created, StaticDir = '', State = {} }) => {
    const evidence = evidenceOf(State);
    const finishedAt = Date.parse(State.FinishedAt ?? '');
    return {
      name: Name.replace(/^\//, ''),
      createdAt: Date.parse(Created ?? '') || 0,
      // One that never started has no end; the programs then write the year 1.
      endedAt: evidence.kind === 'ended' ? Math.max(0, finishedAt || 0) : null,
      evidence,
      folder: StaticDir === '' ? null : StaticDir,
    };
  });
}

function evidenceOf({
  Status = '',
  OOMKilled = false,
  ExitCode = 0,
  Error: said = '',
}: NonNullable<Inspected['State']>): JobEvidence {
  if (running.includes(Status)) return { kind: 'running' };
  if (waiting.includes(Status)) {
    return said === '' && ExitCode === 0
      ? { kind: 'waiting', message: `the container is ${Status}` }
      : { kind: 'ended', cause: 'not-started', exitCode: null, signal: null, message: said };
  }
  // A shell's and tini's way to tell of a signal; the executor itself has no such exit code.
  const signal = ExitCode > 128 ? ExitCode - 128 : null;
  if (OOMKilled && signal === killed) {
    return {
      ...{ kind: 'ended', cause: 'signaled', exitCode: null, signal },
      message: 'The container was killed because it passed its memory limit',
    };
  }
  if (signal !== null) return { kind: 'ended', cause: 'signaled', exitCode: null, signal, message: said };
  // 126, 127: its program could not be started.
  if (ExitCode > 124 && said !== '')
    return { kind: 'ended', cause: 'not-started', exitCode: ExitCode, signal: null, message: said };
  return { kind: 'ended', cause: 'exited', exitCode: ExitCode, signal: null, message: said };
}
