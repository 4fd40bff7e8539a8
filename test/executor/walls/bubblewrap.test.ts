import { statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chooseWall } from '../../../executor/walls/choose-wall.ts';
import { useOwnCensus } from '../../support/census.ts';
import { type CommandBench, createBench } from '../support/command-bench.ts';

let bench: CommandBench;
let server: Server;
const wall = chooseWall('auto', process.pid);
const secret = join(import.meta.dirname, '../../../package.json');

beforeAll(async () => {
  bench = await createBench(wall);
  server = createServer((socket) => socket.end('reached'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  await bench.close();
});

/** Says "closed" when all of the attempts fail, and what worked otherwise. */
const attempt = (...commands: readonly string[]) =>
  `${commands.map((one) => `{ ${one}; } >/dev/null 2>&1 && echo ${JSON.stringify(`worked: ${one}`).replaceAll('$', '\\$')};`).join(' ')} echo closed`;

describe('a command behind the wall', () => {
  it('would be seen to do what it must not', async () => {
    expect((await bench.run(attempt('false', 'cat /etc/passwd'))).out).toBe('worked: cat /etc/passwd\nclosed\n');
  });

  it.each([
    ['reads files of the host', `cat ${secret}`, 'ls /root', 'ls /home', 'cat /etc/shadow'],
    ['reads the environment of the executor', `cat /proc/${process.pid}/environ`, 'cat /proc/1/environ | grep -q NODE'],
    ['sees the memory of the executor', `head -c 1 /proc/${process.pid}/mem`, `ls /proc/${process.pid}/fd`],
    ['sees another process', 'ls /proc | grep -qvxE "1|$$|[0-9]+" && test $(ls -d /proc/[0-9]* | wc -l) -gt 6'],
    ['signals the executor', `kill -0 ${process.pid}`],
    ['sets how the kernel dumps cores', ': >> /proc/sys/kernel/core_pattern'],
    ['drops the caches of the kernel', ': >> /proc/sys/vm/drop_caches', ': >> /proc/sysrq-trigger'],
    ['writes outside its folders', 'touch /x', 'touch /usr/x', 'touch /etc/x', 'touch /run/x', 'touch /var/x'],
    ['writes to /dev', 'touch /dev/x', 'mknod /dev/y c 1 3'],
    [
      'changes what it is given',
      'touch /run/sandbus/in/x',
      'echo x >> /run/sandbus/in/prelude.bash',
      'chmod 777 /etc/passwd',
    ],
    ['mounts', 'mount -t tmpfs x /tmp', 'umount /proc', 'mount -o remount,rw /'],
    ['makes namespaces of its own', 'unshare -U true', 'unshare -Ur true', 'unshare -n true'],
    ['gains privileges', 'su -c true', 'sudo -n true', 'chown 0 /workspace'],
    ['reaches the metadata server', ': < /dev/tcp/169.254.169.254/80'],
    ['reaches a server on this machine', 'PORT; : < /dev/tcp/127.0.0.1/$PORT'],
    ['sets the name of the machine', 'hostname other'],
  ])('never %s', async (_title, ...commands) => {
    const { port } = server.address() as { port: number };
    const { out } = await bench.run(attempt(...commands.map((one) => one.replace('PORT;', `PORT=${port};`))));
    expect(out).toBe('closed\n');
  });

  it('is a user of its own, called user, with its own home, machine name and password file', async () => {
    const { out } = await bench.run(
      'id; hostname; getent passwd user; echo $HOME; pwd; umask; echo $LANG; getent hosts localhost',
    );
    expect(out).toMatch(/^uid=1000\(user\) gid=1000\(user\) groups=1000\(user\)(?:,65534\(nogroup\))?\nsandbox\n/);
    expect(out.split('\n').slice(2, -2)).toEqual([
      'user:x:1000:1000:user:/workspace:/bin/bash',
      '/workspace',
      '/workspace',
      '0022',
      'C.UTF-8',
    ]);
  });

  it('holds no capability, cannot get one, and has no terminal', async () => {
    const { out } = await bench.run('grep -E "Cap|NoNewPrivs" /proc/self/status | cut -f2 | sort -u; tty');
    expect(out).toBe('0000000000000000\n1\nnot a tty\n');
  });

  it('finds a temporary folder of a bounded size that anyone may write to', async () => {
    const { out } = await bench.run(
      'stat -c %a /tmp; df --output=size -m /tmp /dev/shm / | tail -3 | tr -d " " | tr "\\n" " "',
    );
    expect(out).toBe('1777\n256 64 16 ');
  });

  it('shows no path or value of the host in its arguments', async () => {
    const { out } = await bench.run('tr "\\0" " " < /proc/1/cmdline');
    expect(out).not.toContain(bench.folders.root);
    expect(out).not.toContain('--setenv');
  });

  it('leaves in the workspace files that belong to the user of the wall', async () => {
    await bench.run('echo x > file');
    const { uid } = statSync(join(bench.folders.workspace, 'file'));
    expect(uid).toBe(wall.owner?.uid ?? process.getuid?.());
  });

  it('finds again what was put into the workspace', async () => {
    writeFileSync(join(bench.folders.workspace, 'given'), 'content', { mode: 0o644 });
    expect((await bench.run('cat given')).out).toBe('content');
  });

  it('has what is needed to work: pipes, processes, /dev, programs through alternatives', async () => {
    const { out, err } = await bench.run(
      'echo a | awk "{print \\$1}"; cat < <(echo b); head -c 2 /dev/urandom | wc -c; python3 -c "print(3)"',
    );
    expect([out, err]).toEqual(['a\nb\n2\n3\n', '']);
  });
});

useOwnCensus();
