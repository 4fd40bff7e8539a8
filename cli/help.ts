import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sessionPages } from './session-help.ts';

export const commandNames = [
  'exec',
  'executions',
  'sessions',
  'checkpoints',
  'diff',
  'rewind',
  'fork',
  'files',
  'dlq',
  'webhooks',
  'tenants',
  'sweep',
  'gc',
  'up',
  'doctor',
  'deploy',
  'help',
] as const;
export type CommandName = (typeof commandNames)[number];

const overview = `sandbus runs shell commands in sandboxed sessions over Pub/Sub.

  sandbus exec --session S -- 'command'   run one command
  sandbus executions [ls|show|cancel]     look at what ran, end what runs
  sandbus sessions [ls|show|close|rm]     look at sessions, close or delete one
  sandbus checkpoints S                   what a session went through
  sandbus diff S A [B]                    how files differ between two checkpoints
  sandbus rewind S N                      have a session go on from an earlier checkpoint
  sandbus fork S [--at N]                 begin a new session at a checkpoint of another
  sandbus files [ls|get|put|rm|mkdir|mv|stat] S
                                          the files of a session, without a command
  sandbus dlq [ls|show|replay|dismiss]    look at dead letters, publish them again
  sandbus webhooks [ls|add|rm|enable|secret]
                                          have ends of commands posted to a URL
  sandbus tenants [ls|show|set]           limits and weights of tenants
  sandbus sweep [--dry-run]               have what was left behind seen to now
  sandbus gc [--dry-run]                  remove what nothing needs any more
  sandbus up                              start only the local Google-compatible servers
  sandbus doctor                          try the walls of this machine, or a deployment (--project), and say what to do
  sandbus deploy --project P --region R   deploy to a project of yours, go back, or tear down
  sandbus help [command]                  tell more of one command
  sandbus --version

Every command takes --json. It goes where GOOGLE_CLOUD_PROJECT, SANDBUS_BUCKET and the *_EMULATOR_HOST variables
point; without them, to the local stack that was started in this folder or above it (npm start).
`;

const exec = `sandbus exec --session S [options] -- 'command'

Runs the command in the session S, which its first command creates, and shows what it writes. Several words after --
are joined by spaces. Ctrl-C cancels the execution.

  -s, --session S          the session; its files, directory and variables persist from command to command
      --cwd DIR            for this command only; relative to /workspace
      --shell bash|sh      which shell runs it; a plain sh keeps directory, exported variables and umask alone
  -e, --env NAME=VALUE     exported for this command only; may be repeated
      --secret NAME        as --env, with the value of the variable NAME of sandbus: sealed on the way, stored nowhere, and
                           shown as *** in the output; may be repeated
      --secret-file NAME=FILE
                           the same from a file; - is the standard input of sandbus
      --show-secrets       leave the output as the command wrote it
      --timeout TIME       how long the command may run, such as 30s or 5m
      --limit LIMIT=N      one of idleOutputMs, cpuMs, memoryMb, pids, openFiles, fileMb, workspaceMb, workspaceFiles, tmpMb,
                           outputBytes; may be repeated
      --on-output-limit end|discard
                           what becomes of a command that writes more than outputBytes: it is ended, or goes on unheard
      --stdin FILE         what the command reads; - is the standard input of sandbus
      --network none|internet
      --allow WHAT         a network of this host or range of addresses only, such as api.example.com:443, *.example.com
                           or 203.0.113.0/24; may be repeated
      --output GLOB        files to collect when the command has ended, such as 'dist/**' or '*.png'; may be repeated
      --save DIR           a folder of this machine that they are written into; made before the command runs
      --label NAME=VALUE   stored with the execution; may be repeated
      --sequence N         its place in the session, as you number them from 1
      --tenant T           whose it is: tenants share capacity by their limits and weights
      --priority N         0 to 9: the highest goes first where capacity is short
      --idempotency-key K  the execution's id: the same key never runs a command twice
      --check              tell on standard error when the command did not succeed
      --json               print one JSON object at the end, instead of the output as it comes

Exit code: that of the command; 124 timed out, 125 not run or lost, 130 cancelled, 137 out of memory or over the output
limit, 128+n ended by signal n; 2 when sandbus itself was misused. Where files could not be saved it is 1 instead of 0.
`;

const executions = `sandbus executions [ls] [filter] [--limit N] [--json]
sandbus executions show ID [--save DIR] [--json]
sandbus executions cancel ID [--reason TEXT] [--json]

Lists executions, the newest first (20 unless --limit says otherwise); shows one with its output, or with what it waits
for while it is queued; asks for one to be cancelled. --save writes the files that it collected into a folder.

  -s, --session S  --tenant T
                           filter: whose it is
      --state queued|launching|running|rejected|finished
                           filter: how far it is
      --status succeeded|failed|timed-out|cancelled|rejected|launch-failed|lost
                           filter: how it ended
`;

const sweep = `sandbus sweep [--dry-run] [--wait TIME] [--json]

Has the services look now for what was left behind, as they do by themselves every few seconds, and tells what was found
and what became of it: launches that nobody claimed, executors that went silent, ends that were decided and not collected,
outcomes that nobody was told of, numbered executions whose gap was waited for, and what waits for capacity.

      --dry-run            only tell what is found
      --wait TIME          how long to wait for it to be seen to (30s); the services go on after that

Exit code 1 when something was not seen to by then. What waits for capacity, or for its result to
be replayed, does not count.
`;

const dlq = `sandbus dlq [ls] [filter] [--limit N | --all] [--json]
sandbus dlq show ID [--json]
sandbus dlq replay ID… | filter | --all  --reason TEXT [--set FIELD=VALUE]… [--mode M] [--rate N]
           [--include-dismissed] [--again] [--dry-run] [--json]
sandbus dlq dismiss ID… | filter | --all  --reason TEXT [--dry-run] [--json]

Lists the messages that could not be processed, the newest first (20 unless --limit says otherwise); shows one with the
reason and what to do; publishes them again; marks those that nothing is to be done about, which are listed no more. A
dismissed one keeps its message until its retention is over.

      --code C             filter: the reason's code, such as message/invalid
      --topic T            filter: the topic that the message was published to
      --tenant T  -s, --session S  --execution E  --label NAME=VALUE
                           filter: what the message says
      --since TIME  --until TIME
                           filter: when it was given up, such as 2026-01-31T12:00:00Z, or 2h or 7d ago
      --state open|replayed|dismissed|any
                           filter; ls shows all but dismissed ones, replay and dismiss take open ones, unless it says
                           otherwise
      --all                replay, dismiss: every one; ls: without a limit
      --reason TEXT        why it is replayed or dismissed; kept with the dead letter
      --set FIELD=VALUE    replaces a field of the request: the value is JSON or text, null removes the field
      --mode current|original|fork
                           start from the session's head (current), or from the checkpoint it would have started from
      --rate N             replays a second, at the most
      --include-dismissed  replay those of the ids that were dismissed too
      --again              replay those that were replayed before too
      --dry-run            only tell what would be done, and what would be refused with which code

A replay of many tells its progress on standard error. Stopped by Ctrl-C, or in any other way, the same command goes on
from there, and publishes nothing twice: ids that are done are refused without --again. Exit code 1 when a replay was refused.
`;

const webhooks = `sandbus webhooks [ls] [--json]
sandbus webhooks add ID URL [--tenant T] [--status S]… [--secret-version N] [--json]
sandbus webhooks rm ID [--json]
sandbus webhooks enable ID [--json]
sandbus webhooks secret ID [--secret-version N] [--json]

Lists the webhooks; registers one or replaces that of the same id; removes one; has a disabled one told of ends again;
prints the secret that its deliveries are signed with. The URL must be https and lead to the internet; redirects are not
followed. A webhook that fails too often in a row is disabled, and what it missed after that is not kept.

      --tenant T           only ends of this tenant
      --status S           only this end, such as failed or lost; may be repeated
      --secret-version N   which of the webhook's secrets signs: print the next one's first, give it to the receiver
                           beside the present one, then add the webhook again with it

A secret follows from the deployment's key: secret reads it from SANDBUS_WEBHOOK_KEY (here, of the local stack). Where the
result collector has no such key webhooks are off, and add says so.
`;

const tenants = `sandbus tenants [ls] [--limit N] [--json]
sandbus tenants show ID [--json]
sandbus tenants set ID [--weight N] [--max-running N] [--starts-per-minute N] [--max-queued N]
                    [--ceiling LIMIT=N]… [--network WHAT] [--json]

Lists the tenants that limits were set for, by id (20 unless --limit says otherwise); shows one with what it has running
and waiting now; sets limits. Those that are not named stay as they are.

      --weight N           its part of what is scarce, beside those of other tenants; 1 unless set
      --max-running N      executions that run at a time; 0 lets none start
      --starts-per-minute N
                           executions that start within a minute
      --max-queued N       executions that may wait; what comes beyond it is rejected (tenant/queue-full)
      --ceiling LIMIT=N    the most that one of its executions may ask for, such as memoryMb=1024 or timeoutMs=60000; more
                           is rejected (request/over-limit). May be repeated
      --network WHAT       the most that its commands may reach: none, internet, or a list such as
                           '{"allow":[{"host":"*.example.com","ports":[443]}]}'

The value "default" gives a limit back to the deployment. Dispatchers know a change within a minute. What somebody wrote
into a tenant's document by hand and has no effect is told as such, and removed by the next set.
`;

const up = `sandbus up [--only pubsub,firestore,storage,run] [--data DIR] [--port-pubsub N] [--port-firestore N]
           [--port-storage N] [--port-run N] [--port-run-rest N] [--run-start-delay-ms N]
           [--run-calls-per-minute N] [--run-executions N] [--indexes FILE] [--ttl COLLECTION.FIELD]… [--json]

Starts Google-compatible servers on this machine, all four unless --only names some, and no service of sandbus. Prints
the variables that lead Google's clients there, as a shell reads them, and stays until Ctrl-C. Ports are free ones unless
given. The servers are reachable from this machine only (127.0.0.1): they ask nobody who they are.

      --data DIR                  keep the state in this folder, and have it again at the next start
      --port-run-rest N           where Cloud Run is served as JSON over HTTP ($CLOUD_RUN_REST_URL)
      --run-start-delay-ms N      let a task of Cloud Run wait before it starts, as a container takes time to come up
      --run-calls-per-minute N    quota of RunJob calls per project and region; Google's 180 unless given
      --run-executions N          quota of executions that run at once per project and region; Google's 1000 unless given
      --indexes FILE              refuse a query of Firestore that needs a composite index which this file does not declare;
                                  firestore.indexes.json as Firebase's command line writes it, its TTL fields too
      --ttl COLLECTION.FIELD      delete documents once the time in this field has passed; may be repeated
      --json                      print {"env": {NAME: value}} instead

$PUBSUB_PUSH_JWKS_URL has the keys that the tokens of pushes are verified with, in place of Google's certificates.
`;

const doctor = `sandbus doctor [--json]
sandbus doctor --project P [--bucket B] [--wait TIME] [--json]

Raises each kind of wall on this machine as an executor would, tries to break out of it in the ways that a hostile command
would try first, and looks at what limits need: cgroups, user namespaces, bubblewrap, seccomp. Shows what happened and
what to do about each failure. Run it where executors run, and as their user. It changes nothing.

With --project it looks at a deployment instead: compares its topics and subscriptions with what they should be, and runs a
command through all of it, in a session of its own, which it closes.

      --project P          the deployment's project
      --bucket B           its bucket ($SANDBUS_BUCKET, else P-sandbus)
      --wait TIME          how long the command may take to its end (10m)
      --json               print {"chosen", "walls", "machine"}, or {"found"}, instead

Exit code 1 when no wall holds: an executor would run no command here; or when something of the deployment is not as it should be.
`;

const deploy = `sandbus deploy --project P --region R [--set NAME=VALUE]… [--state URL] [--allow-deletions] [--yes] [--json]
sandbus deploy --project P --region R --rollback [--yes]
sandbus deploy --project P --region R --teardown --data keep|delete [--yes]

Looks for what a deployment needs (Pulumi, gcloud, credentials, billing, APIs, permissions, the region), says what is missing and how
to mend it; tells what will be made or changed, what it costs idle and for a thousand commands; and with --yes applies it, with
Pulumi. Before images are configured it makes only the registry that they are pushed to. docs/deploy.md goes step by step.

      --set NAME=VALUE     what the deployment is to be like: docs/deployment.md lists the names. Kept with --yes, for the next time
      --state URL          where Pulumi keeps its state (gs://P-sandbus-state, which is made with --yes)
      --allow-deletions    also where resources would be deleted or replaced
      --rollback           back to the images that were deployed before
      --teardown           delete all of it, with the messages that wait; --data says what becomes of the database, the
                           bucket and the keys: keep leaves them, delete deletes them for good
      --yes                do it; without it only tell what would be done, and leave nothing

Keys are made at random and kept encrypted in Pulumi's configuration: by the passphrase of PULUMI_CONFIG_PASSPHRASE_FILE, or by
SANDBUS_SECRETS_PROVIDER, such as gcpkms://…. Exit code 1 when something is missing or refused.
`;

const pages: Readonly<Record<CommandName, string>> = {
  exec,
  executions,
  ...sessionPages,
  dlq,
  webhooks,
  tenants,
  sweep,
  up,
  doctor,
  deploy,
  help: overview,
};

export const helpFor = (command: CommandName | null): string => pages[command ?? 'help'];

/** The version of this installation. */
export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'));
  return `sandbus ${version}\n`;
}
