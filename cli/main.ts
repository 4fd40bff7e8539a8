import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { exitCodes } from './exit-code.ts';
import { runCli } from './run-cli.ts';
import type { Terminal } from './terminal.ts';

/** The `sandbus` command: wires the command line to this process. */

const write: Terminal['write'] = (stream, text) =>
  new Promise((resolve, reject) => {
    process[stream].write(text, (error) => (error ? reject(error) : resolve()));
  });

// A reader that goes away is told by the write that fails; without a listener it would end the process here.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function onInterrupt(handler: () => void): () => void {
  let isFirst = true;
  const onSignal = () => {
    if (!isFirst) process.exit(exitCodes.interrupted);
    isFirst = false;
    handler();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  return () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
  };
}

const terminal: Terminal = {
  write,
  readStdin,
  variable: (name) => process.env[name],
  readFile: (path) => readFile(path),
  openInput: (from) => (from === '-' ? process.stdin : createReadStream(from)),
  isWatched: process.stderr.isTTY === true,
  columns: process.stdout.isTTY ? process.stdout.columns : null,
  onInterrupt,
  env: process.env,
  async connect() {
    const { Sandbus } = await import('../client/index.ts');
    return new Sandbus({ env: process.env });
  },
};

process.exit(await runCli(process.argv.slice(2), terminal));
