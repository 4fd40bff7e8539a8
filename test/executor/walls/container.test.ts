import { describe, expect, it } from '@jest/globals';
import { useOwnCensus } from '../../support/census.ts';
import { runContained } from '../support/run-contained.ts';

const command = (text: string, options: { timeoutMs?: number; graceMs?: number } = {}) => ({
  command: text,
  ...options,
});

/** Says "closed" when all of the attempts fail, and what worked otherwise. */
const attempt = (...commands: readonly string[]) =>
  command(`${commands.map((one, at) => `{ ${one}; } &>/dev/null && echo worked ${at};`).join(' ')} echo closed`);

/** What else this looks like: a kernel that gives nobody a user namespace. */
const noNamespaces = 'mount --bind /bin/false /usr/bin/unshare';
/** And an image that cannot close anything. */
const noPerl = 'mount --bind /bin/false /usr/bin/perl';

/* In namespaces of their own, which look like a container; the tests run as root, as an executor behind this wall does. */
describe('a command behind the wall of a container', () => {
  it('ends as itself, with its own streams, user and directory', async () => {
    const { results, kind, problem } = await runContained({
      choice: 'container',
      commands: [
        command('echo out; echo err >&2; echo again > /dev/stdout; exit 137'),
        command('kill -KILL $$'),
        command(
          'id -u; [[ $PWD == $HOME ]] && echo home; grep -E "Cap|NoNewPrivs" /proc/self/status | cut -f2 | sort -u',
        ),
      ],
    });
    expect([problem, kind]).toEqual([null, 'container']);
    expect(results).toEqual([
      { out: 'out\nagain\n', err: 'err\n', exit: { code: 137 }, left: 0 },
      { out: '', err: '', exit: { signal: 'SIGKILL' }, left: 0 },
      { out: `1000\nhome\n0000000000000000\n1\n`, err: '', exit: { code: 0 }, left: 0 },
    ]);
  });

  it('cannot reach the executor, its files or the kernel', async () => {
    const { results, problem } = await runContained({
      choice: 'container',
      commands: [
        attempt('false', 'true'),
        attempt(
          'unshare --user true',
          'grep -qsa in-the-environment /proc/[0-9]*/environ',
          'cat /proc/1/maps',
          'ls /proc/1/fd',
          'kill -0 1',
          'ls "$HOME/.."',
          'cat /etc/shadow',
          ': >> /proc/sys/kernel/core_pattern',
          'mount -t tmpfs x /tmp',
          'su -c true',
          'touch /etc/x',
        ),
      ],
    });
    expect([problem, ...results.map(({ out }) => out)]).toEqual([null, 'worked 1\nclosed\n', 'closed\n']);
  });

  it.each([
    ['which it tells', ':', [{ port: 8080, address: '0.0.0.0' }]],
    ["but where its network is the container's", noNamespaces, null],
  ])('may leave something that listens, %s', async (_title, before, listening) => {
    const serve = 'python3 -u -m http.server 8080 --bind 0.0.0.0 >log 2>&1 &';
    const waiting = command(`${serve} until grep -q Serving log || ! kill -0 $!; do sleep 0.05; done`);
    const left = await runContained({ choice: 'container', commands: [waiting] }, before);
    const none = await runContained({ choice: 'container', commands: [command('true')] }, before);
    expect([left.problem, left.listening, none.listening]).toEqual([null, listening, listening && []]);
  });

  it('cannot close its output to the command after it', async () => {
    const close =
      'for one in /dev/std{out,err} /proc/$$/fd/{1,2}; do chmod 0 $one 2>/dev/null && echo worked; done; echo closed';
    const { results, problem } = await runContained({
      choice: 'container',
      commands: [command(close), command('echo on; echo on >&2')],
    });
    expect([problem, ...results.map(({ out, err }) => [out, err])]).toEqual([null, ['closed\n', ''], ['on\n', 'on\n']]);
  });

  it('has nothing of what an engine leaves open, and names of its own', async () => {
    const look =
      'ls -A /sys; cat /etc/resolv.conf; [[ -w /proc/pressure/cpu ]] && echo writable; id -un; grep -c sandbox /etc/hosts';
    const { results, problem } = await runContained({ choice: 'container', commands: [command(look)] });
    expect([problem, results[0]?.out]).toEqual([null, 'user\n2\n']);
  });

  it.each([
    ['with', ':'],
    ['without', noNamespaces],
  ])('cannot make system calls that no command needs, %s namespaces of its own', async (_title, before) => {
    const call = (number: number, ...given: readonly number[]) =>
      `perl -e 'print syscall(${[number, ...given].join(', ')}) == -1 ? $! + 0 : "worked", "\\n"'`;
    const calls = process.arch === 'arm64' ? { ptrace: 117, keyctl: 219 } : { ptrace: 101, keyctl: 250 };
    const { problem, results } = await runContained(
      { choice: 'container', commands: [command(`${call(calls.ptrace, 0, 0)}; ${call(calls.keyctl, 0, 0, 0)}`)] },
      before,
    );
    expect([problem, results[0]?.out]).toEqual([null, '1\n1\n']);
  });

  it.each([
    ['a stopped child', 'sleep 77 & kill -STOP $!', {}],
    ['double forks in sessions of their own', '(setsid bash -c "sleep 77 & sleep 77 &" &); sleep 0.1', {}],
    ['a fork bomb', 'f() { f | f & }; f; sleep 0.3', {}],
    [
      'who ignores SIGTERM',
      'trap "" TERM; setsid sleep 77 & while :; do sleep 77; done',
      { timeoutMs: 2000, graceMs: 200 },
    ],
  ])('leaves no process: %s', async (_title, text, options) => {
    const { results, problem } = await runContained({
      choice: 'container',
      commands: [command(text, options), command('echo on')],
    });
    expect([problem, results[0]?.left, results[1]?.out]).toEqual([null, 0, 'on\n']);
  });

  it('has its grace, and then the shell', async () => {
    const text = 'trap "echo shell; exit 9" TERM; bash -c \'trap "echo program; exit" TERM; sleep 77 & wait\'; wait';
    const { results } = await runContained({
      choice: 'container',
      commands: [command(text, { timeoutMs: 4000, graceMs: 4000 })],
    });
    expect(results[0]?.out).toBe('program\nshell\n');
  });
});

describe('the wall of a container', () => {
  it('tells what it leaves open', async () => {
    const work = { choice: 'container', commands: [] } as const;
    const always = ['the list of processes, with their arguments'];
    expect((await runContained(work)).leavesOpen).toEqual(always);
    const network = 'ip link add eth7 type veth peer name eth8';
    const leftOpen = async (before: string) => (await runContained(work, before)).leavesOpen;
    expect(await leftOpen(network)).toEqual(always);
    expect(await leftOpen(`${network}; ${noNamespaces}`)).toEqual(['the network, by eth8 eth7', ...always]);
    const open = ['user namespaces, and with them more of the kernel', 'system calls that no command needs'];
    expect(await leftOpen(`${network}; ${noPerl}`)).toEqual(['the network, by eth8 eth7', ...always, ...open]);
  });

  it.each([
    ['the metadata server', 'ip addr add 169.254.169.254/32 dev lo', '169.254.169.254'],
    ['the metadata server by IPv6', 'ip -6 addr add fd20:ce::254/128 dev lo', 'fd20:ce::254'],
  ])('keeps %s from a command by a network of its own', async (_title, address, host) => {
    const before = `ip link set lo up; ip link add eth7 type veth peer name eth8; ${address}`;
    const try80 = command(`(: 3<>/dev/tcp/${host}/80) 2>/dev/null || echo closed`);
    const { problem, results } = await runContained({ choice: 'container', serve: host, commands: [try80] }, before);
    expect([problem, results[0]?.out]).toEqual([null, 'closed\n']);
  });

  it('lets a command talk to itself, and not to the executor or to what shares its memory', async () => {
    const script =
      'use IO::Socket; my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die; ' +
      'my $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $s->sockport) or die; print "heard\\n"';
    const { results, problem } = await runContained({
      choice: 'container',
      commands: [
        command(`perl -e '${script}'`),
        command('ipcmk -M 4096 >/dev/null && ipcs -m | grep -c 4096'),
        command('ipcs -m | grep -c 4096'),
      ],
    });
    expect([problem, ...results.map(({ out }) => out)]).toEqual([null, 'heard\n', '1\n', '0\n']);
  });

  it.each([
    ['the metadata server', 'ip addr add 169.254.169.254/32 dev lo', '169.254.169.254'],
    ['the metadata server by IPv6', 'ip -6 addr add fd20:ce::254/128 dev lo', 'fd20:ce::254'],
  ])('is refused where a command without a network of its own could reach %s', async (_title, address, host) => {
    const before = `ip link set lo up; ip link add eth7 type veth peer name eth8; ${address}; ${noNamespaces}`;
    const work = { choice: 'container', serve: host, commands: [command('true')] } as const;
    const { problem } = await runContained(work, before);
    expect(problem).toMatch(/container does not hold: the metadata server can be reached/);
  });

  it('is refused where others live too', async () => {
    const before = 'sleep 20 &';
    const { problem } = await runContained({ choice: 'container', commands: [command('true')] }, before);
    expect(problem).toMatch(/this is no container of this executor alone: it has the process \d+ \(sleep\)/);
  });
});

describe('the wall that auto takes', () => {
  it('is bubblewrap where it holds', async () => {
    const { kind, results } = await runContained({ choice: 'auto', commands: [command('id -u')] });
    expect([kind, results[0]?.out]).toEqual(['bubblewrap', '1000\n']);
  });

  it('is the container where bubblewrap does not', async () => {
    // What else this looks like: an image that does not have it.
    const before = 'mount --bind /bin/false /usr/bin/bwrap';
    const { kind, results } = await runContained({ choice: 'auto', commands: [command('id -un')] }, before);
    expect([kind, results[0]?.out]).toEqual(['container', 'user\n']);
  });

  it('is none, and says of each why, where none holds', async () => {
    const before = 'mount --bind /bin/false /usr/bin/bwrap; sleep 20 &';
    const { problem } = await runContained({ choice: 'auto', commands: [command('true')] }, before);
    expect(problem).toMatch(/no wall holds here\. bubblewrap: .+ · container: this is no container/);
  });
});

useOwnCensus();
