/** What a hostile command would try first. */
export interface Attempt {
  readonly what: string;
  /** Shell text that succeeds when the escape does. It changes nothing. */
  readonly command: string;
}

/** What the attempts look for, outside. */
export interface Bait {
  /** In the environment of the process that examines. */
  readonly mark: string;
  /** A file that only the executor's user may read. */
  readonly file: string;
  /** The program that examines, as it stands in its arguments. */
  readonly program: string;
}

export function attemptsFor({ mark, file, program }: Bait): readonly Attempt[] {
  // A pattern that does not match itself: the attempts have it in their own arguments.
  const pattern = quote(`[${program.slice(0, 1)}]${program.slice(1).replaceAll(/[^\w/-]/g, '.')}`);
  const examiner = `$(grep -lsa ${pattern} /proc/[0-9]*/cmdline | head -n 1 | cut -d / -f 3)`;
  return [
    { what: "read the executor's environment", command: `grep -qsaF ${quote(mark)} /proc/[0-9]*/environ` },
    { what: "read the executor's files", command: `cat ${quote(file)}` },
    { what: 'read the password hashes', command: 'cat /etc/shadow' },
    { what: 'see the process of the executor', command: `[[ ${examiner} ]]` },
    { what: 'send signals to the executor', command: `pid=${examiner}; [[ $pid ]] && kill -0 "$pid"` },
    { what: 'read the memory of the first process', command: 'head -c 1 /proc/1/mem || cat /proc/1/maps' },
    { what: 'say what the kernel runs at a crash', command: ': >> /proc/sys/kernel/core_pattern' },
    { what: "drop the kernel's caches", command: ': >> /proc/sys/vm/drop_caches || : >> /proc/sysrq-trigger' },
    { what: 'reach the metadata server', command: ': < /dev/tcp/169.254.169.254/80' },
    { what: 'reach the metadata server by IPv6', command: ': < /dev/tcp/fd20:ce::254/80' },
    { what: 'find a network interface', command: 'tail -n +3 /proc/net/dev | grep -qv "^ *lo:"' },
    { what: 'write outside its folders', command: '[[ -w / || -w /usr || -w /etc || -w /dev || -w /root ]]' },
    { what: 'mount a file system', command: 'mount -t tmpfs none /tmp && umount /tmp' },
    { what: 'make a user namespace', command: 'unshare --user true' },
    {
      what: 'hold or gain a privilege',
      command: '! grep -q "^CapBnd:.0*$" /proc/self/status || grep -q "^NoNewPrivs:.0" /proc/self/status',
    },
  ];
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** One program that makes all attempts, each for itself, and says a line for each: its number and `0` when it succeeded. */
export const attemptsProgram = (attempts: readonly Attempt[], patienceSeconds = 2): string =>
  [
    'export PATH=/usr/local/bin:/usr/bin:/bin',
    ...attempts.map(
      ({ command }, index) =>
        `timeout ${patienceSeconds} bash --norc --noprofile -c ${quote(command)} &>/dev/null; echo ${index} $?`,
    ),
  ].join('\n');

/** Which attempts succeeded. One that says nothing, because it ended them all, counts as a success: it went too far. */
export function readAttempts(attempts: readonly Attempt[], said: string): { what: string; succeeded: boolean }[] {
  const statuses = new Map(said.split('\n').map((line) => line.split(' ') as [string, string]));
  return attempts.map(({ what }, index) => {
    const status = statuses.get(`${index}`);
    return { what, succeeded: status === undefined || status === '0' };
  });
}
