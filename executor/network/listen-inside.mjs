// Runs once behind the wall, before anything of a command does: listens there and hands the socket to the executor, which
// started it with a channel. What was opened in a network stays in it, so the executor then hears what is said inside.
// Plain JavaScript, because this Node reads nothing but this file.
import { createServer } from 'node:net';
import process from 'node:process';

const server = createServer();
server.once('error', (error) => {
  process.stderr.write(`no socket for the proxy: ${error.message}\n`);
  process.exit(1);
});
// The channel is acknowledged when the executor has the socket; this process's own copy then ends with it.
server.listen(Number(process.argv[2]), '127.0.0.1', () => {
  process.send('listening', server, undefined, (error) => process.exit(error === null ? 0 : 1));
});
