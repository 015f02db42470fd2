/** Calls back whenever one of some files changes, for commands that repeat themselves. */
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { isFolder } from '../files/load-target.js';

/** Editors write a file in several steps: changes this close together are one. */
const settleMs = 100;

/**
 * Runs `action` now and after every change of one of the files, until the process ends. A folder
 * stands for the files in it. Resolves only if watching is not possible, and says why.
 */
export async function watchFiles(paths: readonly string[], action: () => void): Promise<string> {
  let settling: NodeJS.Timeout | null = null;
  const changed = (): void => {
    if (settling !== null) clearTimeout(settling);
    settling = setTimeout(action, settleMs);
  };
  action();
  const watchers: FSWatcher[] = [];
  return new Promise((resolve) => {
    const failed = (error: unknown): void => {
      if (settling !== null) clearTimeout(settling);
      for (const watcher of watchers) watcher.close();
      const why = error instanceof Error ? error.message : String(error);
      resolve(`cannot watch for changes: ${why}`);
    };
    try {
      for (const [folder, names] of watchedFolders(paths)) {
        const watcher = watch(folder, (_, name) => {
          if (names.has('*') || name === null || names.has(name)) changed();
        });
        watchers.push(watcher.on('error', failed));
      }
    } catch (error) {
      failed(error);
    }
  });
}

/**
 * Folders with the names of interest in them. It is the folder that is watched, because saving often
 * replaces the file that a watch would hold on to, and a file may come only later.
 */
function watchedFolders(paths: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const folders = new Map<string, Set<string>>();
  for (const path of paths) {
    const isWhole = isFolder(path);
    const folder = isWhole ? path : dirname(path);
    const names = folders.get(folder) ?? new Set();
    folders.set(folder, names.add(isWhole ? '*' : basename(path)));
  }
  return folders;
}
