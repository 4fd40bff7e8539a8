import type { ExecutionResult } from '../client/index.ts';

const pad = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
};

/** The variables that lead a program here, as a table. */
export const renderEndpoints = (env: Readonly<Record<string, string>>): string =>
  pad(Object.entries(env).map(([name, value]) => [name, value]));

/** What a command came to and where its time went. */
export function renderProof(command: string, result: ExecutionResult): string {
  const stages = Object.entries(result.stages).map(([stage, ms]) => [
    stage.replace(/Ms$/, ''),
    `${Math.round(ms)} ms`.padStart(8),
  ]);
  return [
    `  $ ${command}`,
    ...result.stdout
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
    '',
    pad([
      ['status', result.status],
      ['exit code', String(result.exitCode)],
      ['wall', String(result.wall)],
      ['checkpoint', String(result.checkpoint)],
      ['publish to told', `${Math.round(result.durationMs)} ms`],
    ]),
    '',
    pad([['stage', '    time'], ...stages]),
  ].join('\n');
}
