import process from 'node:process';
import { chooseWall } from '../../../executor/walls/choose-wall.ts';
import { createBench } from './command-bench.ts';

/** A program: prints what a command behind the wall has open, so that a test can start it with more open than usual. */
const bench = await createBench(chooseWall('bubblewrap', process.pid));
const { out } = await bench.run('cd /proc/$$/fd; for fd in *; do [[ -e $fd ]] && echo $fd; done');
process.stdout.write(out);
await bench.close();
