/**
 * What a FILE argument names: a program, a cluster file, or a folder that holds a `cluster.toml`.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { SourceFile } from '../base/span.js';
import type { Checked } from '../diagnostics/diagnostic.js';
import { parseClusterFile } from './cluster-file.js';
import type { ClusterFile } from './cluster-file.js';
import { readSource } from './read-source.js';
import { keySpan } from './toml-places.js';

export interface Target {
  readonly source: SourceFile;
  /** Null for a bare program. */
  readonly cluster: ClusterFile | null;
  /** Folder against which the cluster file's paths resolve. */
  readonly folder: string;
}

export function loadTarget(path: string): Checked<Target | null> {
  if (isFolder(path)) {
    const inside = join(path, 'cluster.toml');
    if (existsSync(inside)) return loadCluster(inside);
    const message = `${path} is a folder without a cluster.toml`;
    return {
      value: null,
      diagnostics: [
        {
          code: 'TRL1006',
          severity: 'error',
          message,
          help: 'name a .bloom file, a cluster file, or a folder with a cluster.toml',
        },
      ],
    };
  }
  if (path.endsWith('.toml')) return loadCluster(path);
  const { value: source, diagnostics } = readSource(path);
  return {
    value: source === null ? null : { source, cluster: null, folder: dirname(path) },
    diagnostics,
  };
}

/** Whether there is a folder at the path; what cannot be looked at is none. */
export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function loadCluster(path: string): Checked<Target | null> {
  const text = readSource(path);
  if (text.value === null) return { value: null, diagnostics: text.diagnostics };
  const cluster = parseClusterFile(text.value);
  if (cluster.value === null) return { value: null, diagnostics: cluster.diagnostics };
  const folder = dirname(path);
  const source = readSource(pathInFolder(folder, cluster.value.program));
  if (source.value === null) {
    const primary = { span: keySpan(text.value, ['program']), text: 'the program is named here' };
    return { value: null, diagnostics: source.diagnostics.map((d) => ({ ...d, primary })) };
  }
  return { value: { source: source.value, cluster: cluster.value, folder }, diagnostics: [] };
}

/** A path that a cluster file in `folder` names. */
export function pathInFolder(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}
