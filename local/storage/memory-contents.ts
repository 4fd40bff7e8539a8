import type { ContentStore, GrowingContent } from './content-store.ts';

/** Contents in memory, gone with the process. What nobody holds is garbage like any other. */
export function createMemoryContents(): ContentStore {
  return {
    create: createMemoryContent,
    store(bytes) {
      const content = createMemoryContent();
      content.append(bytes);
      return content;
    },
    reopen: refuseReopening,
    reopenGrowing: refuseReopening,
    hold() {},
    release() {},
    removeUnheld() {},
    removeLeftovers() {},
  };
}

function refuseReopening(id: string): never {
  throw new Error(`content ${id} was in the memory of another process`);
}

function createMemoryContent(): GrowingContent {
  let parts: Buffer[] = [];
  let sizeBytes = 0;
  return {
    id: '',
    get sizeBytes() {
      return sizeBytes;
    },
    append(bytes) {
      parts.push(bytes);
      sizeBytes += bytes.length;
    },
    pieces: () => parts,
    part(start, end) {
      if (parts.length > 1) parts = [Buffer.concat(parts)];
      return (parts[0] ?? Buffer.alloc(0)).subarray(start, end);
    },
  };
}
