import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { FilesAnswer, FilesRequest } from '../../../execution/lease-protocol.ts';
import { defaultLimits } from '../../../execution/limits.ts';
import { PipelineError } from '../../../execution/pipeline-error.ts';
import { serveFiles } from '../../../executor/files/serve-files.ts';
import { useTemporaryDirectories } from '../../workspace/temporary-directory.ts';
import { noBucket } from './both-ways.ts';

const newDirectory = useTemporaryDirectories();
const nothing: FilesAnswer = { offered: [], taken: [] };
const operations = { kind: 'inline', operations: [{ kind: 'make-directory', path: 'd' }] } as const;

/** Serves with a dispatcher that gives these answers, one to each call; resolves with the calls once all were given. */
async function serve(script: readonly (FilesAnswer | Error)[], usedBytes = 0) {
  const calls: { readonly request: FilesRequest; readonly at: number }[] = [];
  const { promise: isOver, resolve } = Promise.withResolvers<void>();
  const files = async (request: FilesRequest): Promise<FilesAnswer> => {
    await turn();
    if (request.closes) return nothing;
    calls.push({ request, at: performance.now() });
    if (calls.length > script.length) resolve();
    const answer = script[calls.length - 1] ?? nothing;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const [workspace, scratch] = [newDirectory(), newDirectory()];
  const service = serveFiles({
    ...{
      assignment: { executionId: 'e1', generation: 1, limits: defaultLimits },
      lease: { files },
      objects: noBucket,
      workspace,
      tmp: null,
      scratch,
      owner: null,
    },
    fenced: new AbortController().signal,
  });
  service.workspaceMeasured(usedBytes);
  await isOver;
  await service.close();
  return calls;
}

describe('an executor that serves files', () => {
  it('takes again what it may have taken when the answer was lost, and answers it', async () => {
    const lost = new PipelineError('lease/unavailable', 'the answer was lost');
    const calls = await serve([
      { offered: ['f1'], taken: [] },
      lost,
      { offered: [], taken: [{ requestId: 'f1', operations }] },
    ]);
    expect(calls.slice(0, 4).map(({ request: { take, answers } }) => [take, answers])).toEqual([
      [[], []],
      [['f1'], []],
      [['f1'], []],
      [[], [{ requestId: 'f1', answers: { kind: 'inline', json: '[{"kind":"done"}]' } }]],
    ]);
  });

  it('waits before it asks again after an offer that it cannot have', async () => {
    const [, take, next] = await serve([{ offered: ['f1'], taken: [] }, nothing, nothing]);
    expect((next?.at ?? 0) - (take?.at ?? 0)).toBeGreaterThan(400);
  });

  it('refuses to write what would end the command for the size of its workspace', async () => {
    const limit = defaultLimits.workspaceMb * 1024 * 1024;
    const write = (path: string, text: string) => ({ kind: 'write' as const, path, content: { text } });
    const requests = [write('a', '12'), write('a', '123'), write('b', '1')];
    const taken = [{ requestId: 'f1', operations: { kind: 'inline' as const, operations: requests } }];
    const calls = await serve(
      [
        { offered: ['f1'], taken: [] },
        { offered: [], taken },
      ],
      limit - 3,
    );
    const [{ answers } = { answers: null }] = calls[2]?.request.answers ?? [];
    expect(answers?.kind === 'inline' && JSON.parse(answers.json)).toMatchObject([
      { kind: 'done' },
      { kind: 'done' },
      { kind: 'failed', code: 'files/too-large' },
    ]);
  });
});
