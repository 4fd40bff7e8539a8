import { rm } from 'node:fs/promises';
import type { Assignment } from '../execution/lease-protocol.ts';
import { objectNames } from '../execution/object-names.ts';
import type { ReportedStream } from './completion.ts';
import type { ExecutionRun } from './executor-context.ts';
import type { LeaseObjects } from './lease-objects.ts';
import { inlineText } from './output/inline-text.ts';
import type { CapturedStream } from './output/stream-capture.ts';
import type { CommandResult } from './run-command.ts';
import { withinShutdown } from './shutdown.ts';

type StreamName = 'stdout' | 'stderr';

/** Turns both streams into what the event carries, and stores those that are longer in the bucket. */
export async function reportStreams(
  { assignment, shutdown }: Pick<ExecutionRun, 'assignment' | 'shutdown'>,
  result: Pick<CommandResult, StreamName>,
  objects: LeaseObjects,
): Promise<Readonly<Record<StreamName, ReportedStream>> & { readonly warnings: readonly string[] }> {
  const warnings: string[] = [];
  const report = async (name: StreamName): Promise<ReportedStream> => {
    const captured = result[name];
    const stream = { inline: inlineText(captured), writtenBytes: captured.writtenBytes };
    try {
      return { ...stream, ref: await withinShutdown(store(name, captured, assignment, objects), shutdown) };
    } catch (error) {
      // The head and tail are in the event: a result must not be lost for the middle of its output.
      warnings.push(`the whole ${name} could not be stored: ${error instanceof Error ? error.message : error}`);
      return { ...stream, ref: null };
    }
  };
  const [stdout, stderr] = await Promise.all([report('stdout'), report('stderr')]);
  return { stdout, stderr, warnings };
}

async function store(
  name: StreamName,
  { file, keptBytes }: CapturedStream,
  { executionId, generation }: Assignment,
  objects: LeaseObjects,
) {
  if (file === null) return null;
  const object = objectNames.output(executionId, generation, name);
  await objects.upload(object, { path: file.path, bytes: keptBytes });
  await rm(file.path);
  return { object, bytes: keptBytes, sha256: file.sha256 };
}
