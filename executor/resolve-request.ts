import { hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Assignment } from '../execution/lease-protocol.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { ExecRequest, InlineBytes } from '../schemas/generated/messages.ts';
import { readVerified } from '../workspace/workspace-objects.ts';
import type { LeaseObjects } from './lease-objects.ts';

/** The request itself. The dispatcher has checked it; the hash proves that it is still the same. */
export async function readRequest({ request }: Assignment, objects: LeaseObjects): Promise<ExecRequest> {
  if (request.kind === 'inline') return request.request;
  const [bytes] = await readVerified(objects, [request.ref]);
  return JSON.parse(Buffer.from(bytes ?? []).toString()) as ExecRequest;
}

/** Text of the command, as bytes: what comes from the bucket need not be UTF-8. */
export async function readCommand(request: ExecRequest, objects: LeaseObjects): Promise<Buffer> {
  if (request.command !== undefined) return Buffer.from(request.command);
  if (request.commandRef === undefined) throw new PipelineError('message/invalid', 'the request has no command');
  const [bytes] = await readVerified(objects, [request.commandRef]);
  return Buffer.from(bytes ?? []);
}

/** Puts bytes of a request into a new file. */
export async function writeContent(content: InlineBytes, path: string, objects: LeaseObjects): Promise<void> {
  if (content.ref !== undefined) return await objects.download(content.ref, path);
  const bytes = content.base64 === undefined ? Buffer.from(content.text ?? '') : Buffer.from(content.base64, 'base64');
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
  } finally {
    await file.close();
  }
}

/** Where a command alone starts, as it is called inside: relative to the workspace, `~` is the workspace. */
export function absoluteCwd(cwd: string, workspace: string): string {
  if (cwd === '~') return workspace;
  if (cwd.startsWith('~/')) return join(workspace, cwd.slice(2));
  if (cwd === '/workspace' || cwd.startsWith('/workspace/')) return `${workspace}${cwd.slice('/workspace'.length)}`;
  return cwd.startsWith('/') ? cwd : join(workspace, cwd);
}

export const sha256Of = (bytes: Uint8Array): string => hash('sha256', bytes);
