import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chooseWall } from '../../../executor/walls/choose-wall.ts';
import { useOwnCensus } from '../../support/census.ts';
import { type CommandBench, createBench } from '../support/command-bench.ts';

const wall = chooseWall('bubblewrap', process.pid);
let bench: CommandBench;
beforeAll(async () => {
  bench = await createBench(wall);
});
afterAll(() => bench.close());

const system = '/usr/local/bin:/usr/bin:/bin';
const isThere = (program: string) =>
  spawnSync('bash', ['-c', `command -v ${program}`], { env: { PATH: system } }).status === 0;

/** What people and agents use a shell for; each says "works" when it does. */
const programs = [
  [
    'git',
    'git init -q r && cd r && echo x > f && git add f && git -c user.name=a -c user.email=a@b commit -qm m && git log --oneline | grep -q m && git status -s',
  ],
  [
    'python3',
    `python3 -c 'import threading, subprocess, multiprocessing as m
if __name__ == "__main__":
    t = threading.Thread(target=lambda: None); t.start(); t.join()
    subprocess.run(["true"], check=True)
    p = m.Process(target=print); p.start(); p.join()'`,
  ],
  ['python3 asyncio', 'python3 -c "import asyncio; asyncio.run(asyncio.sleep(0))"'],
  [
    'node',
    `node -e 'const { Worker } = require("worker_threads"); require("child_process").execSync("true"); require("os").networkInterfaces(); new Worker("0", { eval: true }).on("exit", (code) => process.exit(code))'`,
  ],
  [
    'node http',
    `node -e 'const s = require("http").createServer((q, r) => r.end("x")).listen(0, "127.0.0.1", async () => { await (await fetch("http://127.0.0.1:" + s.address().port)).text(); s.close(); s.closeAllConnections(); })'`,
  ],
  [
    'gcc',
    `printf '#include <pthread.h>\\n#include <stdio.h>\\nvoid *f(void *a) { return a; }\\nint main() { pthread_t t; pthread_create(&t, 0, f, 0); return pthread_join(t, 0); }' > t.c && gcc -pthread -o t t.c && ./t`,
  ],
  ['make', `printf 'all: a b\\na b:\\n\\ttouch $@\\n' > Makefile && make -s -j2 && ls a b >/dev/null`],
  ['curl', 'echo x > f && curl -sS "file://$PWD/f" | grep -q x'],
  ['tar', 'mkdir d && touch d/f && tar czf d.tgz d && rm -r d && tar xzf d.tgz && ls d/f >/dev/null'],
  ['ssh-keygen', 'ssh-keygen -q -t ed25519 -N "" -f key && ssh-keygen -lf key >/dev/null'],
  ['openssl', 'openssl genrsa 2048 >/dev/null 2>&1 && echo x | openssl dgst -sha256 >/dev/null'],
  ['perl', `perl -MSocket -e 'socketpair(A, B, AF_UNIX, SOCK_STREAM, 0) or die; fork // die; wait'`],
  ['setarch', 'setarch -R true'],
  ['sqlite3', 'sqlite3 f.db "create table t (a); insert into t values (1)"'],
  ['flock', 'flock lock true'],
  ['timeout', 'timeout 5 setsid nohup nice true'],
  ['xargs', 'seq 20 | xargs -P4 -n1 true'],
  ['ip', 'ip addr show lo | grep -q LOOPBACK'],
  ['script', 'script -qec true /dev/null'],
] as const;

describe('the system call filter', () => {
  it.each(
    programs.filter(([title]) => isThere(title.split(' ')[0] ?? '')),
  )('lets %s work', async (_program, command) => {
    const { out, err } = await bench.run(`cd $(mktemp -d); { ${command}; } && echo works`);
    expect([out.split('\n').at(-2), err]).toEqual(['works', '']);
  });

  it('is in force for every process, and cannot be taken off', async () => {
    const { out } = await bench.run('grep -h ^Seccomp: /proc/self/status /proc/$$/status /proc/1/status');
    expect(out).toBe('Seccomp:\t2\n'.repeat(3));
  });

  it.each(
    [
      ['strace', 'strace true', /not permitted/],
      ['gdb', 'gdb -batch -ex run /bin/true', /not permitted/],
    ].filter(([program]) => isThere(program as string)),
  )('keeps %s from tracing, which says so', async (_program, command, words) => {
    const { out, err } = await bench.run(command as string);
    expect(out + err).toMatch(words as RegExp);
  });
});

useOwnCensus();
