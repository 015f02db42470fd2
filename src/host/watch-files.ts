/** Calls back whenever one of some files changes, for commands that repeat themselves. */
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { isFolder } from '../files/load-target.js';

/** Editors write a file in several steps: changes this close together are one. */
const settleMs = 100;

/** A folder under watch and the names in it that count; `*` for all. */
interface WatchedFolder {
  readonly watcher: FSWatcher;
  names: ReadonlySet<string>;
}

/**
 * Runs `action` now and after every change of one of the files, until the process ends. The action
 * returns which files it has looked for besides: they are watched until it runs again. A folder
 * stands for the files in it. Resolves only if watching is not possible, and says why.
 */
export async function watchFiles(
  paths: readonly string[],
  action: () => readonly string[],
): Promise<string> {
  const folders = new Map<string, WatchedFolder>();
  let settling: NodeJS.Timeout | null = null;
  return new Promise((resolve) => {
    const failed = (error: unknown): void => {
      if (settling !== null) clearTimeout(settling);
      for (const { watcher } of folders.values()) watcher.close();
      const why = error instanceof Error ? error.message : String(error);
      resolve(`cannot watch for changes: ${why}`);
    };
    const tryTo = (watchMore: () => void): boolean => {
      try {
        watchMore();
        return true;
      } catch (error) {
        failed(error);
        return false;
      }
    };
    const changed = (folder: string, name: string | null): void => {
      const names = folders.get(folder)?.names;
      if (name !== null && !names?.has('*') && !names?.has(name)) return;
      if (settling !== null) clearTimeout(settling);
      settling = setTimeout(run, settleMs);
    };
    const follow = (files: readonly string[]): void => {
      const wanted = watchedFolders(files);
      for (const [folder, known] of folders) known.names = wanted.get(folder) ?? new Set();
      for (const [folder, names] of wanted) {
        if (folders.has(folder)) continue;
        const watcher = watch(folder, (_, name) => changed(folder, name));
        folders.set(folder, { watcher: watcher.on('error', failed), names });
      }
    };
    const run = (): void => {
      const besides = action().filter((path) => isFolder(dirname(path)));
      tryTo(() => follow([...paths, ...besides]));
    };
    if (tryTo(() => follow(paths))) run();
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
