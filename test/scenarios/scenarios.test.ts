/**
 * Stories of several nodes as scripts (in the style of etcd's data-driven tests for Raft): a
 * command and its body, `----`, and what the nodes did. Blocks are separated by blank lines; lines
 * that begin with `#` are comments. `TRELLIS_UPDATE=1` rewrites what the nodes did; review it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { matchGolden } from '../support/golden-file.js';
import { ScriptedCluster } from '../support/scripted-cluster.js';
import { repositoryRoot } from '../support/trellis-command.js';

const folder = join(repositoryRoot, 'test/scenarios');
const scripts = readdirSync(folder).filter((file) => file.endsWith('.txt'));

/** The script with what really happened in the place of what it expects. */
function replay(script: string): string {
  const cluster = new ScriptedCluster();
  return script
    .trimEnd()
    .split(/\n{2,}/)
    .map((block) => {
      const at = block.indexOf('\n----');
      if (at < 0) return block;
      const lines = block.slice(0, at).split('\n');
      const start = lines.findIndex((line) => !line.startsWith('#'));
      const answer = cluster.run(lines[start]!, lines.slice(start + 1).join('\n'));
      return `${lines.join('\n')}\n----\n${answer}`;
    })
    .join('\n\n')
    .concat('\n');
}

describe('scenarios', () => {
  it.each(scripts)('%s', (file) => {
    const path = join(folder, file);
    matchGolden(path, replay(readFileSync(path, 'utf8')));
  });
});
