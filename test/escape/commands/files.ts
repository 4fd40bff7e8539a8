import { attempts, errors, type HostileCommand, refusedWith, systemCalls } from '../hostile-command.ts';

export const fileCommands: readonly HostileCommand[] = [
  {
    subject: 'files',
    tries: 'reads a file of the executor by its path, and around the corner',
    command: attempts(
      'cat @CANARY@',
      'cat /proc/self/root/@CANARY@',
      'cat /proc/self/cwd/../../..@CANARY@',
      'cat /workspace/../../../..@CANARY@',
      'ls @CANARYFOLDER@',
      'cat /usr/../..@CANARY@',
    ),
  },
  {
    subject: 'files',
    tries: 'reads homes, credentials and password files of the host',
    command: attempts(
      'cat /etc/shadow',
      'ls /root',
      'ls /home',
      'ls -d /root/.config/gcloud ~/.config/gcloud ~/.ssh',
      'ls /run/secrets /var/run/secrets',
      'ls /var/lib /var/log',
      'cat /etc/machine-id',
      'grep -q ^root:.*bash /etc/passwd',
    ),
  },
  {
    subject: 'files',
    tries: 'reads the code that guards it',
    command: attempts('cat @SOURCE@', 'ls @REPOSITORY@'),
  },
  {
    subject: 'files',
    tries: "reads another session's workspace",
    command: attempts(
      'cat @NEIGHBOUR@/secret',
      'ls @NEIGHBOUR@',
      'find / -name secret -not -path "/usr/*" -not -path "/proc/*" 2>/dev/null | grep .',
    ),
  },
  {
    subject: 'files',
    tries: 'looks for the names of folders of the host among its mounts',
    command: "cut -d' ' -f4,5 /proc/self/mountinfo | grep -E '/(workspace|in|out|pipes)$' | grep -c .",
    // The kernel shows from where a folder was bound; only that it is in a folder of this executor's own.
    seen: { stdout: /^[34]\n$/ },
  },
  {
    subject: 'files',
    tries: 'writes to the system',
    command: attempts(
      'touch /x',
      'touch /usr/x',
      'touch /etc/x',
      'touch /bin/x',
      'touch /run/x',
      'touch /var/x',
      'touch /dev/x',
      'mkdir /new',
      'rm /usr/bin/env',
      'mv /etc/passwd /etc/p',
    ),
  },
  {
    subject: 'files',
    tries: 'changes what its shell and its successor start from',
    command: attempts(
      'touch @IN@/x',
      'echo "echo owned" >> @IN@/prelude.bash',
      'rm @IN@/launch',
      'echo x >> @RUN@/agent.bash',
      'echo x >> @RUN@/configuration/start-command.bash',
      'chmod 777 @IN@',
      'mv @IN@ @RUN@/old',
      'rm -f @RUN@/pipes/stdout; test ! -e @RUN@/pipes/stdout',
      'chmod 0 @RUN@ @RUN@/pipes @RUN@/pipes/stdout',
    ),
  },
  {
    subject: 'files',
    tries: 'makes further names for files of others',
    command: attempts(
      'ln /etc/passwd /workspace/p',
      'ln @IN@/launch /workspace/l',
      'ln /usr/bin/env /workspace/e',
      'ln /proc/1/environ /workspace/v',
    ),
  },
  {
    subject: 'files',
    tries: 'opens files without their path',
    command: systemCalls(['open_by_handle_at', -100, 0, 0], ['name_to_handle_at', -100, '/', 0, 0, 0]),
    seen: { stdout: refusedWith(errors.EPERM, 2) },
    needs: ['perl'],
  },
  {
    subject: 'files',
    tries: 'has the executor store files of the host through links in the workspace',
    command:
      'ln -sfn @CANARYBYTES@ file-link; ln -sfn @CANARYFOLDER@ folder-link; ln -sfn /proc/self/environ env-link; ln -s loop loop; echo linked',
    seen: { stdout: 'linked\n' },
  },
  {
    subject: 'files',
    tries: 'swaps folders and links while the executor may walk the workspace',
    command: `mkdir -p real && echo plain > real/@CANARYNAME@
      (while :; do rm -rf swap; ln -s @CANARYFOLDER@ swap; rm swap; mkdir swap; echo plain > swap/@CANARYNAME@; done) >/dev/null 2>&1 &
      (setsid bash -c 'while :; do mv real other; ln -s @CANARYFOLDER@ real; rm real; mv other real; done' >/dev/null 2>&1 &)
      sleep 0.2; echo swapping`,
    seen: { stdout: 'swapping\n' },
  },
  {
    subject: 'files',
    tries: 'puts a link in the place of the state that the executor reads',
    command: 'rm @OUT@/state; ln -s @CANARY@ @OUT@/state; builtin trap - EXIT; echo linked',
    seen: { stdout: 'linked\n', stateCaptured: false },
  },
  {
    subject: 'files',
    tries: 'puts a pipe in the place of the state, where a reader would wait for ever',
    command: 'rm @OUT@/state; mkfifo @OUT@/state; builtin trap - EXIT; echo waiting',
    seen: { stdout: 'waiting\n', stateCaptured: false },
  },
  {
    subject: 'files',
    tries: 'puts a folder in the place of the state, and takes its own rights away',
    command:
      'cd @OUT@; rm -f *; mkdir -p state/a scratch; chmod 000 state/a state scratch .; builtin trap - EXIT; echo locked',
    seen: { stdout: 'locked\n', stateCaptured: false },
  },
  {
    subject: 'files',
    tries: 'leaves a state that is larger than it may be',
    command: `x=$(head -c 5000000 /dev/zero | tr '\\0' x); echo large`,
    seen: { stdout: 'large\n', stateCaptured: false },
  },
  {
    subject: 'files',
    tries: 'leaves pipes, sockets and locked folders where the executor walks',
    command: `mkdir odd; mkfifo odd/pipe; perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0); bind S, pack_sockaddr_un("odd/socket")'
      mkdir -p odd/locked/in; touch odd/locked/in/file; chmod 000 odd/locked/in/file odd/locked/in odd/locked; echo left`,
    seen: { stdout: 'left\n' },
    needs: ['perl'],
  },
  {
    subject: 'files',
    tries: 'leaves names that are not text',
    command: `mkdir names; touch -- names/$'a\\nb' names/$'\\xff\\xfe' names/-rf 'names/$(touch x)' names/$'\\e[2J' names/"$(printf '%0250d' 0)"; ls names | wc -l`,
    seen: { stdout: '7\n' },
  },
  {
    subject: 'files',
    tries: 'leaves folders that are deeper than a path can be long',
    command: 'printf -v deep %0200d 0; for n in {1..40}; do mkdir $deep; cd $deep; done; cd /workspace; echo deep',
    seen: { stdout: 'deep\n' },
  },
  {
    subject: 'files',
    tries: 'removes its own workspace',
    command:
      'rm -rf /workspace 2>/dev/null; rm -rf /workspace/* /workspace/.[!.]*; chmod 000 /workspace; ls / | grep -c workspace',
    seen: { stdout: '1\n' },
  },
  {
    subject: 'files',
    tries: 'finds its workspace again, however the command before it left it',
    command: 'touch here && ls',
    seen: { stdout: /^here$/m },
  },
];
