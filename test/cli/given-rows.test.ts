/** Rows that files give to a keyed table which a rule fills as well: they may contradict it, and count. */
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runTrellis } from '../support/trellis-command.js';

const program = `input   put(k: int);
channel copy(@to: addr, k: int);
table   next(k: int => v: int);
output  heard(k: int);

copy(n, k)@async :- put(k), cluster(n);
next(k, k + 1) :- copy(_, k);
heard(k) :- copy(_, k);
`;

describe('rows that are given to what a rule fills', { timeout: 120_000 }, () => {
  it('may fail a batch that the schedule puts together, so the verdict counts with them', async () => {
    const folder = temporaryFolder({
      'next.bloom': program,
      'next.csv': '1,7\n',
      'puts.jsonl': '{"rel":"put","row":[1]}\n{"rel":"put","row":[2]}\n',
      'cluster.toml':
        'program = "next.bloom"\n[nodes.a]\n[nodes.b]\n[workload]\nfacts = ["next=next.csv"]\ninput = ["puts.jsonl"]\n',
    });
    const trellis = (...words: string[]) => runTrellis(words, { cwd: folder });
    expect((await trellis('check', 'next.bloom')).stdout).toBe(
      'next.bloom: output heard: confluent\n',
    );
    expect((await trellis('check', '.')).stdout).toContain('output heard: divergent');
    const report = await trellis('report', '.', '--format', 'json', '--witness-dir', 'found');
    expect(JSON.parse(report.stdout)).toMatchObject({
      observables: [{ relation: 'heard', status: 'refuted', blame: [{ rule: 'next#1' }] }],
    });
    expect((await trellis('replay', 'found/witness-heard.json')).code).toBe(0);
    const emitted = await trellis('compile', '.', '--emit', 'coordinated');
    expect(emitted.stdout).toContain('// coordination: one ordered log carries copy');
    const same = ['next.bloom', '--diff', 'next.bloom', '--facts', 'next=next.csv'];
    const compared = await trellis('report', ...same, '--no-witness');
    expect(compared.stdout).not.toContain('now varies');
    const run = await trellis('simulate', '.', '--runs', '1', '--trace', 'trace.json');
    expect(run.code).toBe(1);
    expect((await trellis('replay', 'trace.json')).stdout).toContain('key conflict in next');
  });
});
