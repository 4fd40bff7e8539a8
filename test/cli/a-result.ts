import type { ExecutionResult } from '../../client/index.ts';

/** How a command ended that did nothing. */
export function aResult(overrides: Partial<ExecutionResult> = {}): ExecutionResult {
  return {
    executionId: 'e',
    sessionId: 's',
    seq: 1,
    status: 'succeeded',
    exitCode: 0,
    signal: null,
    outcome: { kind: 'exited', exitCode: 0 },
    stdout: '',
    stderr: '',
    stdoutBytes: null,
    stderrBytes: null,
    outputBytes: { stdout: 0, stderr: 0 },
    truncated: { stdout: false, stderr: false },
    outputs: null,
    cwd: '/workspace',
    state: null,
    stateCaptured: true,
    shell: 'bash',
    checkpoint: 1,
    stages: {},
    usage: null,
    wall: 'bubblewrap',
    limits: null,
    limitReached: null,
    hints: [],
    network: null,
    listening: null,
    warnings: [],
    labels: {},
    durationMs: 5,
    replayOf: null,
    ...overrides,
  };
}
