import type { Checkpoint, SessionInfo } from '../client/index.ts';
import { renderPairs, renderTable } from './render-table.ts';
import { renderTime } from './render-time.ts';

export function renderSessions(sessions: readonly SessionInfo[], columns: number | null): string {
  if (sessions.length === 0) return 'no sessions\n';
  return renderTable(
    [
      { title: 'SESSION', shrinks: true },
      { title: 'STATE' },
      { title: 'CHECKPOINT', align: 'right' },
      { title: 'USED' },
      { title: 'ACTIVE', shrinks: true },
      { title: 'WAITING', align: 'right' },
      { title: 'FORK OF', shrinks: true },
    ],
    sessions.map((session) => [
      session.sessionId,
      session.state,
      session.head === null ? 'none' : String(session.head),
      renderTime(session.updatedAt),
      session.active ?? '',
      String(session.waiting),
      describeFork(session) ?? '',
    ]),
    columns,
  );
}

export function renderSession(session: SessionInfo): string {
  const fork = describeFork(session);
  return renderPairs([
    ['session', session.sessionId],
    ['tenant', session.tenantId],
    ['state', session.state],
    ['checkpoint', session.head === null ? 'none: the empty workspace' : String(session.head)],
    ...(fork === null ? [] : [['fork of', fork] as const]),
    ['active', session.active ?? 'nothing'],
    ['waiting', String(session.waiting)],
    ['created', renderTime(session.createdAt)],
    ['used', renderTime(session.updatedAt)],
    ['expires', session.expiresAt === null ? 'not while something runs or waits' : renderTime(session.expiresAt)],
  ]);
}

const describeFork = ({ forkedFrom }: SessionInfo): string | null =>
  forkedFrom === null ? null : `${forkedFrom.sessionId} at ${forkedFrom.checkpoint}`;

export function renderCheckpoints(checkpoints: readonly Checkpoint[], columns: number | null): string {
  if (checkpoints.length === 0) return 'no checkpoints\n';
  return renderTable(
    [
      { title: 'CHECKPOINT', align: 'right' },
      { title: 'FROM', align: 'right' },
      { title: 'CREATED' },
      { title: 'BYTES', align: 'right' },
      { title: 'ENTRIES', align: 'right' },
      { title: 'DIRECTORY', shrinks: true, maxWidth: 60 },
      { title: 'BY', shrinks: true },
    ],
    checkpoints.map((checkpoint) => [
      `${checkpoint.isHead ? '* ' : ''}${checkpoint.number}`,
      checkpoint.parent === null ? '' : String(checkpoint.parent),
      renderTime(checkpoint.createdAt),
      String(checkpoint.bytes),
      String(checkpoint.entries),
      checkpoint.cwd ?? '',
      describeOrigin(checkpoint),
    ]),
    columns,
  );
}

function describeOrigin({ origin }: Checkpoint): string {
  switch (origin.kind) {
    case 'execution':
      return origin.executionId ?? '';
    case 'files':
      return 'files';
    case 'rewind':
      return `rewind to ${origin.checkpoint}`;
    case 'fork':
      return `fork of ${origin.sessionId} at ${origin.checkpoint}`;
  }
}
