import { openScratchFolder } from '../../local/scratch-folder.ts';

/** Opens a scratch folder in the folder that is named, prints its path, and stays until it is killed. */
const { path } = await openScratchFolder(process.argv[2]);
process.stdout.write(`${path};`);
setInterval(() => {}, 60_000);
