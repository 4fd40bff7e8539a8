// The process that starts tasks. Spawning costs more the more memory the spawner holds, so this one loads nothing,
// and it is plain JavaScript because stripping types would add 19 MB to it. The host talks to it over IPC
// (messages: spawner-messages.ts). When the channel closes, however the host ended, it kills what it started and exits.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** After its main process ended, a task's output is awaited this long before those that escaped and hold it are killed. */
const escapeMs = 25;
/** And then this long, should one have hidden too well. */
const drainMs = 200;
/** Tasks that end within this time are swept in one pass over the process table. */
const sweepDelayMs = 10;

/** @typedef {{ child: { pid?: number }, folder: string }} Task */
/** From the start until the folder is removed. @type {Map<number, Task>} */
const tasks = new Map();
/** Ended, and what they left behind not yet looked for. @type {Set<number>} */
let unswept = new Set();

process.on('message', (message) => {
  if (message.kind === 'start') startTask(message);
  if (message.kind === 'signal') signalTask(message.id, message.signal);
  if (message.kind === 'clear') clearTask(message);
});
process.on('disconnect', () => process.exit(0));
// Also after an error of its own: the host sees the exit and reports the tasks as lost.
process.on('exit', () => {
  killEverythingOf([...tasks.values()]);
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
  try {
    folder = mkdtempSync(join(scratchDir, 'task-'));
    // Another uid may pass through it to what the task opens to it, and list nothing.
    chmodSync(folder, 0o711);
    const child = spawn(command, args, {
      env: { ...env, TMPDIR: folder },
      cwd: workingDir === '' ? folder : workingDir,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (child.pid === undefined) child.on('error', (error) => notStarted(id, command, folder, error));
    else follow(id, { child, folder });
  } catch (error) {
    notStarted(id, command, folder, error);
  }
}

function notStarted(id, command, folder, error) {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  const message = error.code === 'ENOENT' ? `'${command}' or its working directory does not exist` : error.message;
  tell({ kind: 'ended', id, end: { kind: 'not-started', message } });
  tell({ kind: 'removed', id });
}

/** The end is reported when the main process has ended, not when the last holder of its pipes has. */
function follow(id, task) {
  const { child } = task;
  tasks.set(id, task);
  tell({ kind: 'started', id, pid: child.pid, folder: task.folder });
  forward(id, 'stdout', child.stdout);
  forward(id, 'stderr', child.stderr);
  child.on('error', (error) => console.error(`task process ${child.pid}: ${error.message}`));
  child.on('exit', (exitCode, signal) => {
    killQuietly(-child.pid, 'SIGKILL');
    const end =
      signal === null ? { kind: 'exited', exitCode } : { kind: 'signaled', signal: constants.signals[signal] };
    const report = () => {
      clearTimeout(drain);
      child.off('close', report);
      child.stdout.destroy();
      child.stderr.destroy();
      tell({ kind: 'ended', id, end });
      sweepSoon(id);
    };
    let drain = setTimeout(() => {
      killEverythingOf([task]);
      drain = setTimeout(report, drainMs);
    }, escapeMs);
    child.on('close', report);
  });
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
  if (signal === 'SIGKILL') killEverythingOf([task]);
  else killQuietly(task.child.pid, signal);
}

/** For a task of a spawner that died. */
function clearTask({ id, pid, folder }) {
  tasks.set(id, { child: { pid }, folder });
  sweepSoon(id);
}

function sweepSoon(id) {
  if (unswept.size === 0) setTimeout(sweep, sweepDelayMs);
  unswept.add(id);
}

function sweep() {
  const ids = [...unswept];
  unswept = new Set();
  killEverythingOf(ids.map((id) => tasks.get(id)));
  for (const id of ids) {
    rm(tasks.get(id).folder, { recursive: true, force: true, maxRetries: 3 })
      .catch((error) => console.error(`cannot remove the folder of a task: ${error.message}`))
      .then(() => {
        tasks.delete(id);
        tell({ kind: 'removed', id });
      });
  }
}

/** As when a container ends: the process groups, and what left its group but not its task's folder or environment. */
function killEverythingOf(ended) {
  for (const { child } of ended) killQuietly(-child.pid, 'SIGKILL');
  for (const pid of leftoversOf(ended)) killQuietly(pid, 'SIGKILL');
}

function leftoversOf(ended) {
  if (process.platform !== 'linux' || ended.length === 0) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
        const cwd = `${readlinkSync(`/proc/${pid}/cwd`)}/`;
        return ended.some(({ folder }) => environment.includes(`TMPDIR=${folder}\0`) || cwd.startsWith(`${folder}/`));
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
