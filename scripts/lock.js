// A lock among the processes of one checkout. Like bootstrap.mjs it runs on Node 20 with nothing installed.
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const pollMs = 200;

// The lock is a folder that names its owner. It is put in place whole, and a folder that is not empty cannot be replaced.
export function withLock(lock, { work, onWait }) {
  let told = null;
  while (!tryToTake(lock)) {
    const owner = readOwner(lock);
    // None is named where it was given back meanwhile.
    if (owner === null || !isAlive(owner)) {
      takeAway(lock);
      continue;
    }
    if (told !== owner.pid) onWait(owner.pid);
    told = owner.pid;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pollMs);
  }
  try {
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function tryToTake(lock) {
  const own = mkdtempSync(`${lock}-`);
  try {
    writeFileSync(join(own, 'owner'), JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) }));
    renameSync(own, lock);
    return true;
  } catch (error) {
    rmSync(own, { recursive: true });
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false;
    throw error;
  }
}

// Moved aside first, so that of several that find the same owner dead one removes it, and not the lock that another has
// just taken: that one is put back.
function takeAway(lock) {
  const aside = mkdtempSync(`${lock}-`);
  try {
    renameSync(lock, join(aside, 'lock'));
    const owner = readOwner(join(aside, 'lock'));
    if (owner !== null && isAlive(owner)) renameSync(join(aside, 'lock'), lock);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error; // another one has taken it away
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function readOwner(lock) {
  try {
    return JSON.parse(readFileSync(join(lock, 'owner'), 'utf8'));
  } catch {
    return null;
  }
}

// A number alone may be another process's by now.
function isAlive({ pid, startedAt }) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
  }
  return startedAt === null || startOf(pid) === startedAt;
}

// Null where there is no /proc.
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
