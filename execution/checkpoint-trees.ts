import type { CheckpointRef } from '../schemas/generated/messages.ts';

/** What a checkpoint has of files. Absent `tmp`: nothing is in /tmp. */
export type CheckpointTrees = Pick<CheckpointRef, 'manifest' | 'entries' | 'workspaceBytes' | 'tmp'>;
