const sessions = `sandbus sessions [ls] [--limit N] [--json]
sandbus sessions show S [--json]
sandbus sessions close S [--json]
sandbus sessions rm S [--wait] [--json]

Lists sessions, those that were used last first (20 unless --limit says otherwise); shows one. close asks for the session
to take no more commands: what comes after is rejected with session/closed, and what it has accepted still runs. rm deletes
it: its files and checkpoints cannot be had from then on, a command under its id begins an empty session, and its data, with what
its executions tell, goes with the next round of the retention job (sandbus gc --session S tells what is left).

      --wait               rm: wait until nothing of it runs or waits; refused with session/busy otherwise
`;

const checkpoints = `sandbus checkpoints S [--limit N] [--json]

Lists what the session S went through, the newest first (100 unless --limit says otherwise): each checkpoint with where it
came from, its files and the shell's directory. The one that the session goes on from has a star.
`;

const diff = `sandbus diff S A [B] [--text] [--json]

Shows how the files of the checkpoint B of the session S, its head unless given, differ from those of A: what was added, changed
and removed, with sizes and modes. Times do not count.

      --text  the lines in which text files of up to 64 KiB differ, in the unified format
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

const gc = `sandbus gc [--dry-run] [--session S] [--grace TIME] [--json]

Runs one round of the retention job here: deletes sessions whose time is over, thins out old checkpoints, and removes records and
objects that nothing leads to. Safe while sessions are in use, and beside the job. It needs the rights of the job.

      --dry-run            only tell what would be done
  -s, --session S          this session alone, with what stays of it and which forks need it
      --grace TIME         objects that are younger stay; RETENTION_GRACE_MINUTES (a day), unless given; at least 60m,
                           unless with --dry-run

Exit code 1 when something could not be followed or seen to; nothing is removed there.
`;

const files = `sandbus files ls S [PATH] [-r] [--glob PATTERN] [--json]
sandbus files get S PATH [--json]
sandbus files put S PATH [FILE] [--mode OCTAL] [--tenant T] [--json]
sandbus files stat S PATH [--json]
sandbus files mkdir S PATH [--tenant T] [--json]
sandbus files mv S FROM TO [--overwrite] [--tenant T] [--json]
sandbus files rm S PATH [-r] [-f] [--tenant T] [--json]

Lists, reads and changes the files of the session S: those of the command that runs in it, or else of its last checkpoint, for
which nothing is started. Paths begin at /workspace. get writes the bytes to standard output; put reads FILE, or standard input
without one, makes missing folders and writes over what is there.

  -r, --recursive          ls: what is in the folders below, too; rm: folders with what is in them
      --glob PATTERN       only paths that match, such as '*.ts', 'src/**' or '{a,b}/[0-9]?'
      --mode OCTAL         permissions, such as 755; a new file has 644, another keeps its own
      --overwrite          replace the file that has the new name
  -f, --force              what is not there is fine
      --tenant T           whose the session is, where this begins it
`;

/** The pages of the commands about sessions. */
export const sessionPages = { sessions, checkpoints, diff, rewind, fork, files, gc } as const;
