const sessions = `sandbus sessions [ls] [--limit N] [--json]
sandbus sessions show S [--json]
sandbus sessions close S [--json]
sandbus sessions rm S [--wait] [--json]

Lists sessions, those that were used last first (20 unless --limit says otherwise); shows one. close asks for the session
to take no more commands: what comes after is rejected with session/closed, and what it has accepted still runs. rm deletes
it: nobody sees anything of it from then on, and a command under its id begins an empty session.

      --wait               rm: wait until nothing of it runs or waits; refused with session/busy otherwise
`;

const checkpoints = `sandbus checkpoints S [--limit N] [--json]

Lists what the session S went through, the newest first (100 unless --limit says otherwise): each checkpoint with where it
came from, its files and the shell's directory. The one that the session goes on from has a star.
`;

const rewind = `sandbus rewind S N [--wait] [--idempotency-key K] [--json]

Has later commands of the session S go on from the content of its checkpoint N. That becomes the newest checkpoint: nothing
is lost, and a rewind can be rewound.

      --wait               wait until nothing of it runs or waits; refused with session/busy otherwise
      --idempotency-key K  asked again with the same key it is done once
`;

const fork = `sandbus fork S [--at N] [--id NEW] [--idempotency-key K] [--json]

Begins a new session with the files and the shell of a checkpoint of the session S. Nothing is copied, and S may be busy.

      --at N               the checkpoint; the one that S goes on from, unless given
      --id NEW             the id of the new session
      --idempotency-key K  asked again with the same key it is the same session
`;

/** The pages of the commands about sessions. */
export const sessionPages = { sessions, checkpoints, rewind, fork } as const;
