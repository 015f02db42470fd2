/** The folders of `examples/` with a cluster file: each is a program with its nodes and workload. */
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { repositoryRoot } from './trellis-command.js';

/** Absolute paths, sorted. */
export function exampleFolders(): readonly string[] {
  const examples = join(repositoryRoot, 'examples');
  return readdirSync(examples, { recursive: true })
    .map(String)
    .filter((path) => basename(path) === 'cluster.toml')
    .map((path) => join(examples, dirname(path)))
    .sort();
}
