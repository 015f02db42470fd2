/** `trellis replay`: witnesses and traces come out again as written, or the command says why not. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliPrograms } from '../support/cli-programs.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runTrellis } from '../support/trellis-command.js';

type Document = Record<string, unknown> & { runs: { outcome: unknown[]; turns: unknown[] }[] };

/** A folder with a witness of who came first, and what changes it. */
async function witnessed() {
  const folder = temporaryFolder(cliPrograms);
  const trellis = (...words: string[]) => runTrellis(words, { cwd: folder });
  await trellis('report', 'first-come', '--budget', '2000', '--witness-dir', 'found');
  const path = join(folder, 'found/witness-winner.json');
  const edit = (change: (json: Document) => void): void => {
    const json = JSON.parse(readFileSync(path, 'utf8')) as Document;
    change(json);
    writeFileSync(path, JSON.stringify(json));
  };
  return { folder, trellis, edit, file: 'found/witness-winner.json' };
}

describe('a witness', { timeout: 120_000 }, () => {
  it('comes out again as it was written, step by step', async () => {
    const { trellis, file } = await witnessed();
    const { stdout, stderr, code } = await trellis('replay', file);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('winner of first-come.bloom\n  input 1 at n1: wish("ann")\n');
    expect(stdout).toMatch(/ {2}boots\n/);
    expect(stdout).toMatch(/sends n2 message 1: ask\("n2", "ann"\)/);
    expect(stdout.match(/at quiescence:/g)).toHaveLength(2);
    const until = await trellis('replay', file, '--run', '2', '--until', '1');
    expect(until.code).toBe(0);
    expect(until.stdout).not.toContain('run 1');
    expect(until.stdout).not.toContain('at quiescence');
    const json = JSON.parse((await trellis('replay', file, '--format', 'json')).stdout) as object;
    expect(json).toMatchObject({
      schema: 'trellis/replay/1',
      reproduced: true,
      observable: 'winner',
    });
  });

  it('is refused once the program says something else, and not for a comment', async () => {
    const { folder, trellis, file } = await witnessed();
    const program = join(folder, 'first-come.bloom');
    const text = readFileSync(program, 'utf8');
    writeFileSync(program, `// who comes first\n${text}`);
    expect((await trellis('replay', file)).code).toBe(0);
    writeFileSync(program, text.replace('min<w>', 'max<w>'));
    const changed = await trellis('replay', file);
    expect(changed.code).toBe(1);
    expect(changed.stderr).toContain('TRL0909');
    writeFileSync(join(folder, 'as-it-was.bloom'), text);
    expect((await trellis('replay', file, '--program', 'as-it-was.bloom')).code).toBe(0);
  });

  it('fails when it does not come out as the file says, and when the file is none', async () => {
    const { folder, trellis, edit, file } = await witnessed();
    edit((json) => json.runs[0]!.outcome.pop());
    const other = await trellis('replay', file);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('TRL0910');
    edit((json) => (json.runs[1]!.turns as { node: string }[]).splice(0, 1));
    expect((await trellis('replay', file, '--run', '2')).stderr).toMatch(/step \d+, at n\d/);
    edit((json) => (json['nodes'] = 'n1'));
    const odd = await trellis('replay', file);
    expect(odd.code).toBe(1);
    expect(odd.stderr).toContain('TRL0908');
    expect(odd.stderr).toContain('nodes');
    for (const [name, text] of [
      ['none.json', '{"schema": "trellis/report/1"}'],
      ['text.json', 'hello\n'],
      ['empty.json', ''],
    ] as const) {
      writeFileSync(join(folder, name), text);
      expect((await trellis('replay', name)).stderr, name).toContain('TRL0908');
    }
    expect((await trellis('replay', 'missing.json')).stderr).toContain('cannot read');
  });

  it('can be stepped through, and shows what nodes hold', async () => {
    const { folder, file } = await witnessed();
    const options = { cwd: folder, input: '\n\ntaken\nnonsense\nq\n' };
    const { stdout, code } = await runTrellis(['replay', file, '--step'], options);
    expect(code).toBe(0);
    expect(stdout).toMatch(/taken at n\d: nothing|taken\(0, "\w+"\) at n\d/);
    expect(stdout).toContain('nonsense is neither stored nor shown');
    expect(stdout).not.toContain('at quiescence');
  });
});

describe('a trace', { timeout: 120_000 }, () => {
  it('comes out again with its faults', async () => {
    const folder = temporaryFolder(cliPrograms);
    const trellis = (...words: string[]) => runTrellis(words, { cwd: folder });
    const faults = ['--drop', '0.3', '--partition', '--crash'];
    await trellis('simulate', 'first-come', '--runs', '1', ...faults, '--trace', 't.jsonl');
    const { stdout, code } = await trellis('replay', 't.jsonl');
    expect(code).toBe(0);
    expect(stdout).toMatch(/link +to \w+ breaks\n/);
  });

  it('comes out again, and says where it does not', async () => {
    const folder = temporaryFolder(cliPrograms);
    const trellis = (...words: string[]) => runTrellis(words, { cwd: folder });
    await trellis('simulate', 'first-come', '--runs', '1', '--seed', '3', '--trace', 't.jsonl');
    const replayed = await trellis('replay', 't.jsonl');
    expect([replayed.code, replayed.stderr]).toEqual([0, '']);
    const lines = readFileSync(join(folder, 't.jsonl'), 'utf8').split('\n');
    const [steps = '', outcome = ''] = replayed.stdout.split('\n\n');
    expect(steps.split('\n')).toHaveLength(lines.length - 2);
    expect(outcome).toMatch(
      /^output winner, ever released: 3 tuples\n {2}winner\("n1", "(ann|bob)"\)\n/,
    );
    const head = JSON.parse(lines[0]!) as { outcome: object };
    const json = JSON.parse(
      (await trellis('replay', 't.jsonl', '--format', 'json')).stdout,
    ) as object;
    expect(json).toMatchObject({ kind: 'trace', reproduced: true, outcome: head.outcome });
    expect((await trellis('replay', 't.jsonl', '--run', '2')).code).toBe(2);
    const until = await trellis('replay', 't.jsonl', '--until', '2');
    expect(until.stdout.trimEnd().split('\n')).toHaveLength(2);
    lines[2] = lines[2]!.replace(/"atMs":\d+/, '"atMs":99999');
    writeFileSync(join(folder, 't.jsonl'), lines.join('\n'));
    const other = await trellis('replay', 't.jsonl');
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('step 2 is not as the trace has it');
  });
});
