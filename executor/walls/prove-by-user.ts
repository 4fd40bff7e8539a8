import { PipelineError } from '../../execution/pipeline-error.ts';
import { runProgram } from './run-program.ts';
import type { RaisedWall, Wall } from './wall.ts';

const lastLine = 'every attempt was made';

export type UserProof =
  | { readonly kind: 'holds'; readonly leavesOpen: readonly string[] }
  | { readonly kind: 'fails'; readonly because: readonly string[] };

/** What the output of `prove-by-user.bash` proves. A line that is none of its own fails it, and so does a missing end. */
export function readUserProof(said: string): UserProof {
  const lines = said.split('\n');
  const findings = lines.slice(0, -1);
  const isComplete = lines.at(-1) === lastLine;
  const open = findings.filter((line) => line.startsWith('open '));
  const because = findings.filter((line) => !open.includes(line)).map((line) => line.replace(/^possible /, ''));
  if (isComplete && because.length === 0) return { kind: 'holds', leavesOpen: open.map((line) => line.slice(5)) };
  return { kind: 'fails', because: isComplete ? because : [...because, 'not every attempt was made'] };
}

/** Where the programs that a wall needs inside appear there. */
export interface UserProofSpec {
  readonly kind: Wall['kind'];
  readonly pipes: string;
  /** The program `prove-by-user.bash`, as it is called inside. */
  readonly program: string;
  readonly network: 'closed' | 'told';
}

/** Resolves with what stays open; rejects with `wall/unavailable` when the wall does not hold what its kind promises. */
export async function proveByUser(
  raised: Pick<RaisedWall, 'run'>,
  { kind, pipes, program, network }: UserProofSpec,
): Promise<readonly string[]> {
  const argv = ['/bin/bash', '--norc', '--noprofile', program, network] as const;
  const { said, end } = await runProgram(raised, pipes, [...argv]);
  const proof = readUserProof(said);
  if (proof.kind === 'holds' && end.kind === 'exited' && end.code === 0) return proof.leavesOpen;
  const because = proof.kind === 'fails' ? proof.because : [`the proof ended with ${JSON.stringify(end)}`];
  throw new PipelineError('wall/unavailable', `${kind} does not hold: ${because.slice(0, 20).join('; ')}`);
}
