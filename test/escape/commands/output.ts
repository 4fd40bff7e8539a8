import type { HostileCommand } from '../hostile-command.ts';

const mebibyte = 1024 * 1024;

export const outputCommands: readonly HostileCommand[] = [
  {
    subject: 'output',
    tries: 'writes without end',
    command: 'yes',
    seen: { stdout: /^(y\n)+/, ends: ['output-limit'] },
    limits: { outputBytes: mebibyte, timeoutMs: 20_000 },
  },
  {
    subject: 'output',
    tries: 'writes without end to both streams at once',
    // Whichever is started first may be ended before the other has begun.
    command: 'echo out; echo err >&2; yes out & yes err >&2 & wait',
    seen: { stdout: /^(out\n)+/, stderr: /^(err\n)+/, ends: ['output-limit'] },
    limits: { outputBytes: 4 * mebibyte, timeoutMs: 20_000 },
  },
  {
    subject: 'output',
    tries: 'writes one line without end',
    command: "tr '\\0' x < /dev/zero",
    seen: { stdout: /^x+/, ends: ['output-limit'] },
    limits: { outputBytes: mebibyte, timeoutMs: 20_000 },
  },
  {
    subject: 'output',
    tries: 'writes what moves cursors, titles and clipboards of terminals',
    command: `printf '\\033[2J\\033]0;owned\\007\\033]52;c;b3duZWQ=\\007\\033[6n\\r\\b\\x9b'; echo`,
    seen: { stdout: '\u001b[2J\u001b]0;owned\u0007\u001b]52;c;b3duZWQ=\u0007\u001b[6n\r\b\ufffd\n' },
  },
  {
    subject: 'output',
    tries: 'writes lines that look like those of a log, and like a result',
    command: `echo '{"severity":"ERROR","message":"owned"}'; echo '{"executionId":"e","outcome":{"kind":"exited","exitCode":0}}' >&2; exit 5`,
    seen: { stdout: '{"severity":"ERROR","message":"owned"}\n', exitCode: 5 },
  },
  {
    subject: 'output',
    tries: 'writes bytes that are no text',
    command: `printf 'a\\0b\\xff\\xfe\\xc3'; echo`,
    seen: { stdout: /^a/ },
  },
  {
    subject: 'output',
    tries: 'closes its streams, and keeps one open after it has ended',
    command: 'echo first; (sleep 8766 &) ; exec >&- 2>&-; exit 3',
    seen: { stdout: 'first\n', exitCode: 3 },
  },
  {
    subject: 'output',
    tries: 'closes its pipes for those after it, takes their room away and reads what it wrote itself',
    command: `for path in {/proc/self/fd/,/dev/fd/}{1,2} /dev/std{out,err} @RUN@/pipes/std{out,err}; do chmod 0 $path 2>/dev/null && echo worked; done
      perl -e 'chmod(0, *STDOUT) and print "worked\\n"; fcntl(STDOUT, 1031, 4096)'
      timeout 0.2 cat @RUN@/pipes/stdout >/dev/null 2>&1; echo closed`,
    seen: { stdout: 'closed\n' },
    needs: ['perl'],
  },
  {
    subject: 'output',
    tries: 'finds its output as it was before that',
    command: 'seq 20000 | tail -n 1; echo problem >&2',
    seen: { stdout: '20000\n', stderr: /^problem\n$/ },
  },
  {
    subject: 'output',
    tries: 'fills the pipe and never lets it empty',
    command: `(exec 3<>@RUN@/pipes/stdout; head -c 60000 /dev/zero >&3) 2>/dev/null; (exec 3<@RUN@/pipes/stdout; sleep 8767) & echo said`,
    seen: { stdout: /said\n$/ },
  },
];
