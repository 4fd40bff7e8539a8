import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { useStack } from '../support/stack.ts';

const stack = useStack();
const session = () => stack().sandbus.session(`s-${randomUUID()}`);
const minutes = 3 * 60_000;

describe('requests for files in /tmp between commands', () => {
  it(
    'read, list and stat what a command left there',
    async () => {
      const { exec, files } = bound(session());
      await exec(
        'cd /tmp; mkdir -p d/e; printf 0123456789 > d/a; ln -s a d/soft; touch d/e/b.txt; echo ws > /workspace/a',
      );
      const listed = await files.list('/tmp', { recursive: true });
      const globbed = await files.list('/tmp/d', { glob: '**/*.txt' });
      expect([
        await files.readText('/tmp/d/soft', { offset: 2, length: 3 }),
        listed.map(({ path, kind }) => `${kind} ${path}`),
        globbed.map(({ path }) => path),
        (await files.stat('/tmp/d/a')).size,
        await files.exists('/tmp/../tmp/nothing'),
      ]).toEqual([
        '234',
        ['directory /tmp/d', 'file /tmp/d/a', 'directory /tmp/d/e', 'file /tmp/d/e/b.txt', 'symlink /tmp/d/soft'],
        ['/tmp/d/e/b.txt'],
        10,
        false,
      ]);
    },
    minutes,
  );

  it(
    'write, append, make, move and remove what the next command finds, and leave the workspace as it is',
    async () => {
      const { exec, files } = bound(session());
      await exec('echo keep > keep; cd /tmp; echo old > old; echo gone > gone; mkdir -p dir/deep; chmod 600 old');
      await files.write('/tmp/new/run.sh', 'echo run', { mode: 0o755 });
      await files.append('/tmp/old', 'more\n');
      await files.makeDir('/tmp/made');
      await files.move('/tmp/dir', '/tmp/made/dir');
      await files.remove('/tmp/gone');
      const { stdout } = await exec(
        "/tmp/new/run.sh; cat /workspace/keep; cd /tmp; cat old; stat -c '%a %n' old new/run.sh; find . | sort",
      );
      expect(stdout).toBe(
        'run\nkeep\nold\nmore\n600 old\n755 new/run.sh\n.\n./made\n./made/dir\n./made/dir/deep\n./new\n./new/run.sh\n./old\n',
      );
    },
    minutes,
  );

  it(
    'begin a session, and move files and folders to the workspace and back',
    async () => {
      const { exec, files } = bound(session());
      await files.write('/tmp/in/a', 'a');
      await files.move('/tmp/in', 'in');
      await files.write('b', 'b');
      await files.move('b', '/tmp/b');
      expect((await exec('cat in/a /tmp/b; ls /tmp; ls')).stdout).toBe('abb\nin\n');
    },
    minutes,
  );

  it(
    'are refused as in the workspace, with the path as it was given',
    async () => {
      const { exec, files } = bound(session());
      await exec('cd /tmp; mkdir d; ln -s /etc/passwd out; ln -s /workspace/w across; echo w > /workspace/w');
      const refusals = await Promise.all(
        [
          files.read('/tmp/nothing'),
          files.read('/tmp/d'),
          files.read('/tmp/out'),
          files.read('/tmp/across'),
          files.remove('/tmp'),
          files.remove('/tmp/d'),
          files.read('/tmpx'),
        ].map((asked) =>
          asked.then(
            () => 'done',
            ({ message }: Error) => message,
          ),
        ),
      );
      expect(refusals).toEqual([
        "[files/not-found] '/tmp/nothing' is not there",
        "[files/is-directory] '/tmp/d' is a folder",
        "[files/invalid-path] '/tmp/out' leads out of /tmp through a link",
        "[files/invalid-path] '/tmp/across' leads out of /tmp through a link",
        "[files/invalid-path] '/tmp' is not to be moved or removed",
        "[files/is-directory] '/tmp/d' is a folder",
        "[files/invalid-path] '/tmpx' is below neither /workspace nor /tmp",
      ]);
    },
    minutes,
  );

  it(
    'carry folders up and down as a tar',
    async () => {
      const { exec, files } = bound(session());
      await exec('mkdir -p /tmp/from/sub; echo one > /tmp/from/sub/one');
      await files.upload('/tmp/to', await files.download('/tmp/from'));
      expect((await exec('cat /tmp/to/sub/one')).stdout).toBe('one\n');
    },
    minutes,
  );
});

describe('requests for files in /tmp while a command runs', () => {
  it(
    'are refused with a code that says to ask again, and those of the workspace are not',
    async () => {
      const one = session();
      const begun = Promise.withResolvers<void>();
      const running = await one.start('until test -e end; do sleep 0.05; done', {
        live: false,
        onState: (state) => (state === 'running' ? begun.resolve() : undefined),
      });
      await begun.promise;
      await expect(one.files.write('/tmp/a', 'a')).rejects.toMatchObject({ code: 'files/busy', retryable: true });
      await expect(one.files.read('/tmp/a')).rejects.toMatchObject({ code: 'files/busy' });
      await one.files.write('end', '');
      await running.wait();
      await one.files.write('/tmp/a', 'later');
      expect(await one.files.readText('/tmp/a')).toBe('later');
    },
    minutes,
  );
});

const bound = (one: ReturnType<typeof session>) => ({
  exec: (command: string) => one.exec(command),
  files: one.files,
});
