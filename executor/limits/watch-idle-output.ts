/** Knows how long a command has written nothing. */
export interface IdleWatch {
  /** While output is being taken the command may be waiting for us: that is not its idleness. */
  taking(): void;
  taken(): void;
  close(): void;
}

/** Calls `onIdle` once, when no byte of output came for so long. */
export function watchIdleOutput(idleMs: number, onIdle: () => void): IdleWatch {
  let lastAt = performance.now();
  let takes = 0;
  let timer = setTimeout(check, idleMs);

  function check(): void {
    const leftMs = takes > 0 ? idleMs : lastAt + idleMs - performance.now();
    if (leftMs <= 0) onIdle();
    else timer = setTimeout(check, Math.ceil(leftMs));
  }

  return {
    taking() {
      takes += 1;
    },
    taken() {
      takes -= 1;
      lastAt = performance.now();
    },
    close: () => clearTimeout(timer),
  };
}
