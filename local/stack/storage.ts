import process from 'node:process';
import { parseArgs } from 'node:util';
import { runService } from '../../service/run-service.ts';
import { startLocalServers } from '../servers.ts';

/**
 * `node local/stack/storage.ts --state FOLDER --port N`: Cloud Storage in a container, until SIGTERM. It takes all
 * addresses of its container, since a port that is published comes from outside of it; who publishes it must name loopback.
 * Requests for other names than loopback are refused all the same.
 */

const { values } = parseArgs({ options: { state: { type: 'string' }, port: { type: 'string' } } });
const { state, port } = values;
if (state === undefined || port === undefined || !/^\d{1,5}$/.test(port)) {
  process.stderr.write('storage: name its folder and its port: --state FOLDER --port N\n');
  process.exit(2);
}

await runService('storage', () =>
  startLocalServers({
    ...{ folder: state, dataDir: state, only: ['storage'], ports: { storage: Number(port) } },
    storageHost: '0.0.0.0',
  }),
);
