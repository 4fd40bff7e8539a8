// The process that starts tasks. Spawning costs more the more memory the spawner holds, so this one loads nothing,
// and it is plain JavaScript because stripping types would add 19 MB to it. The host talks to it over IPC
// (messages: spawner-messages.ts). When the channel closes, however the host ended, it kills what it started and exits.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** How long a task's output is awaited after its main process ended: an escaped process may hold the pipe open. */
const drainMs = 50;

/** @type {Map<number, { child: import('node:child_process').ChildProcess, folder: string }>} */
const tasks = new Map();

process.on('message', (message) => {
  if (message.kind === 'start') startTask(message);
  if (message.kind === 'signal') signalTask(message.id, message.signal);
});
process.on('disconnect', () => process.exit(0));
// Also after an error of its own: the host sees the exit and reports the tasks as lost.
process.on('exit', () => {
  for (const id of tasks.keys()) endAllOf(id);
  for (const { folder } of tasks.values()) rmSync(folder, { recursive: true, force: true });
});
// The host decides when tasks end; a Ctrl-C that reaches its whole group must not end them first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
tell({ kind: 'ready' });

/** With a callback a closed channel is no error: the 'disconnect' that follows ends this process. */
function tell(report, sent = () => {}) {
  process.send(report, sent);
}

function startTask({ id, command, args, env, workingDir, scratchDir }) {
  let folder;
  let child;
  try {
    folder = mkdtempSync(join(scratchDir, 'task-'));
    // Another uid may pass through it to what the task opens to it, and list nothing.
    chmodSync(folder, 0o711);
    child = spawn(command, args, {
      env: { ...env, TMPDIR: folder },
      cwd: workingDir === '' ? folder : workingDir,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    notStarted(id, command, error);
    return;
  }
  child.on('error', (error) => {
    if (child.pid !== undefined) return;
    rmSync(folder, { recursive: true, force: true });
    notStarted(id, command, error);
  });
  if (child.pid === undefined) return;
  tasks.set(id, { child, folder });
  tell({ kind: 'started', id, pid: child.pid });
  forward(id, 'stdout', child.stdout);
  forward(id, 'stderr', child.stderr);
  child.on('exit', (exitCode, signal) => {
    endAllOf(id);
    const end =
      signal === null ? { kind: 'exited', exitCode } : { kind: 'signaled', signal: constants.signals[signal] };
    let reported = false;
    const report = () => {
      if (reported) return;
      reported = true;
      clearTimeout(drain);
      child.stdout.destroy();
      child.stderr.destroy();
      tell({ kind: 'ended', id, end });
      rm(folder, { recursive: true, force: true, maxRetries: 3 })
        .catch((error) => console.error(`cannot remove the folder of a task: ${error.message}`))
        .then(() => {
          tasks.delete(id);
          tell({ kind: 'removed', id });
        });
    };
    const drain = setTimeout(report, drainMs);
    child.on('close', report);
  });
}

function notStarted(id, command, error) {
  const why = error.code === 'ENOENT' ? `'${command}' or its working directory does not exist` : error.message;
  tell({ kind: 'ended', id, end: { kind: 'not-started', message: why } });
  tell({ kind: 'removed', id });
}

/** The host keeps the last lines only; a task that floods its output waits until the host has taken the last chunk. */
function forward(id, stream, readable) {
  readable.setEncoding('utf8');
  readable.on('data', (text) => {
    readable.pause();
    tell({ kind: 'output', id, stream, text }, () => readable.resume());
  });
}

function signalTask(id, signal) {
  const task = tasks.get(id);
  if (task === undefined) return;
  if (signal === 'SIGKILL') endAllOf(id);
  else killQuietly(task.child.pid, signal);
}

/** As when a container ends: the whole process group, and what left the group but not the task's folder or environment. */
function endAllOf(id) {
  const { child, folder } = tasks.get(id);
  killQuietly(-child.pid, 'SIGKILL');
  for (const pid of leftovers(folder)) killQuietly(pid, 'SIGKILL');
}

function leftovers(folder) {
  if (process.platform !== 'linux') return [];
  const mark = `TMPDIR=${folder}\0`;
  return readdirSync('/proc')
    .filter((name) => name >= '1' && name <= '9~' && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        if (readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark)) return true;
        return `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${folder}/`);
      } catch {
        return false; // it ended meanwhile, or it is not ours to read
      }
    })
    .map(Number);
}

function killQuietly(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') console.error(`cannot send ${signal} to ${pid}: ${error.message}`);
  }
}
