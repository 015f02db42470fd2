/** Calls back whenever one of some files changes, for commands that repeat themselves. */
import { statSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Editors write a file in several steps: changes this close together are one. */
const settleMs = 100;

/** Runs `action` now and after every change, until the process ends. A folder stands for the files in it. */
export async function watchFiles(paths: readonly string[], action: () => void): Promise<never> {
  let settling: NodeJS.Timeout | null = null;
  const changed = (): void => {
    if (settling !== null) clearTimeout(settling);
    settling = setTimeout(action, settleMs);
  };
  action();
  for (const path of paths) {
    // The folder is watched, because saving often replaces the file that a watch would hold on to.
    const folder = statSync(path).isDirectory() ? path : join(path, '..');
    watch(folder, changed);
  }
  return new Promise<never>(() => {});
}
