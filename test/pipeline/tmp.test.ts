import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { useStack } from '../support/stack.ts';

const stack = useStack();
const freshId = () => `s-${randomUUID()}`;
const session = (id = freshId()) => stack().sandbus.session(id);

describe('what a command leaves in /tmp', () => {
  it('is there for the next one, in another container: files, modes but setuid, times, links, folders and odd names', async () => {
    const one = session();
    const made =
      await one.exec(String.raw`cd /tmp; mkdir -m 700 d e; echo text > d/a; chmod 4750 d/a; touch -d @1000.5 d/a
      ln d/a hard; ln -s d/a soft; ln -s /nowhere broken; printf x > $'odd\n\xff'; truncate -s 700M hole
      chmod 500 e; stat -c '%s %b' hole; sha256sum hard | cut -c1-9`);
    const show = String.raw`cd /tmp; cat soft; stat -c '%a %Y %h' d/a; stat -c %a d e; readlink broken
      cat $'odd\n\xff'; [ hard -ef d/a ] && echo ' same'; stat -c '%s %b' hole; sha256sum hard | cut -c1-9; ls -Ab | wc -l`;
    expect(made.warnings).toEqual([]);
    expect(await one.exec(show)).toMatchObject({
      stdout: `text\n750 1000 2\n700\n500\n/nowhere\nx same\n${made.stdout}7\n`,
      warnings: [],
    });
  }, 120_000);

  it('is no file of the workspace: neither changes nor listings tell of it', async () => {
    const one = session();
    await one.exec('true');
    await one.exec('echo x > /tmp/x');
    expect([await one.diff(1, 2), await one.files.list('.')]).toEqual([[], []]);
  }, 120_000);

  it('goes with the checkpoint: a fork and a rewind have it, and a change of files at rest keeps it', async () => {
    const one = session();
    await one.exec('echo first > /tmp/note');
    await one.exec('rm /tmp/note; echo second > /tmp/other');
    await one.files.write('file', 'text');
    expect((await one.exec('ls /tmp')).stdout).toBe('other\n');
    const forked = await one.fork({ at: 1 });
    expect((await forked.exec('cat /tmp/*')).stdout).toBe('first\n');
    await one.rewind(1);
    expect((await one.exec('cat /tmp/*; rm /tmp/note')).stdout).toBe('first\n');
    expect((await one.exec('ls -A /tmp | wc -l')).stdout).toBe('0\n');
  }, 180_000);

  it('stays when the shell is killed, and where it is more than the next command may have that one is told', async () => {
    const one = session();
    await one.exec('head -c 3000000 /dev/urandom > /tmp/big; kill -9 $$');
    const small = await one.exec('stat -c %s /tmp/big', { limits: { tmpMb: 1 } });
    expect(small.warnings).toContainEqual(expect.stringMatching(/^not all of \/tmp was restored: .*\.\/big/));
  }, 120_000);

  it('is told where it cannot be kept, and the rest of it is kept', async () => {
    const one = session();
    const { warnings } = await one.exec(
      `cd /tmp; echo kept > kept; mkfifo fifo; echo shut > shut; chmod 0 shut; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("s")'`,
    );
    expect(warnings).toEqual([
      expect.stringMatching(/^not kept of \/tmp: .*shut.*s: socket ignored|socket ignored.*shut/),
      "not kept of /tmp: fifo: fifos and devices can't be kept",
    ]);
    expect((await one.exec('ls /tmp')).stdout).toBe('kept\n');
  }, 120_000);

  it('is kept with a time beyond all dates, and without what lies too deep', async () => {
    const one = session();
    const { warnings } = await one.exec(`cd /tmp; echo kept > kept; touch -d @1234567890123456 kept
      python3 -c 'import os
for _ in range(300): os.mkdir("d" * 250); os.chdir("d" * 250)'`);
    expect(warnings).toContainEqual(
      expect.stringMatching(/^not kept of \/tmp: d+\.\.\.: has 4015 bytes; at most 4000/),
    );
    const found = await one.exec('cd /tmp; cat kept; stat -c %Y kept; find d* -type d | wc -l');
    expect(found).toMatchObject({ stdout: 'kept\n8640000000000\n15\n', warnings: [] });
  }, 120_000);

  it('is kept by programs of the image, whatever the session made of its variables', async () => {
    const one = session();
    await one.exec('export PATH=/nowhere TAR_OPTIONS=--remove-files LD_PRELOAD=/nowhere.so; echo kept > /tmp/kept');
    expect((await one.exec('while read -r line; do echo "$line"; done < /tmp/kept')).stdout).toBe('kept\n');
  }, 120_000);
});
