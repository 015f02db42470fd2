/** What the command line itself says: help, versions, wrong words, files that cannot be used. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliPrograms } from '../support/cli-programs.js';
import { sarifErrors } from '../support/sarif-schema.js';
import { sharedFolder } from '../support/temporary-folder.js';
import { runScript, runTrellis, trellisScript } from '../support/trellis-command.js';

const folder = sharedFolder({
  ...cliPrograms,
  'binary.bloom': new Uint8Array([0x80, 0xfe, 0xff]),
  'dialect.ded': 'told("a", "x")@1;\n',
  'odd/link.json': '["a", "b"]\n',
  'link.csv': 'a,b\n',
  'silent.bloom': 'module m { table t(x: int); }\n',
  'odd/notes.txt': 'path and link\n',
  'lost/cluster.toml': 'program = "folder"\n[nodes.a]\n',
});
mkdirSync(join(folder, 'lost/folder'));
interface Failure {
  readonly schema: string;
  readonly message: string | null;
  readonly diagnostics: readonly { readonly code: string }[];
}
const trellis = (...words: string[]) => runTrellis(words, { cwd: folder });

describe.concurrent('the command line', () => {
  it('without words shows what there is, as wrong usage', async () => {
    const { stdout, stderr, code } = await trellis();
    expect([stdout, code]).toEqual(['', 2]);
    for (const verb of ['check', 'report', 'run', 'node', 'up', 'simulate', 'compile', 'explain'])
      expect(stderr).toMatch(new RegExp(`^ {2}${verb} `, 'm'));
  });

  it('has what it loads kept compiled, where Node offers that', async () => {
    const preload = `import module from 'node:module';
      module.enableCompileCache = () => process.stderr.write('kept compiled; ');`;
    const url = `data:text/javascript,${encodeURIComponent(preload)}`;
    const words = ['--import', url, trellisScript, 'check', 'gone.bloom'];
    const { stderr, code } = await runScript(words, { cwd: folder });
    expect(stderr).toMatch(/^kept compiled; .*gone\.bloom/s);
    expect(code).toBe(1);
  });

  it('says that there is nothing to print', async () => {
    const { stdout, stderr, code } = await trellis('run', 'silent.bloom');
    expect([stdout, stderr, code]).toEqual([
      '',
      'silent.bloom: nothing to print: it has no output or view; name relations with --print\n',
      0,
    ]);
  });

  it('tells its version and its options', async () => {
    const version = await trellis('--version');
    expect([version.stdout.trim(), version.code]).toEqual(['0.1.0', 0]);
    const help = await trellis('run', '--help');
    expect([help.code, help.stderr]).toEqual([0, '']);
    for (const option of [
      '--facts',
      '--input',
      '--stream',
      '--set',
      '--out',
      '--print',
      '--format',
      '--ticks',
      '--stats',
      '--nodes',
      '--all',
    ])
      expect(help.stdout).toContain(option);
    const overview = await trellis('help');
    expect([overview.code, overview.stdout.startsWith('Usage: trellis ')]).toEqual([0, true]);
  });

  it.each([
    [['chek', 'paths.bloom'], '(Did you mean check?)'],
    [['run', 'paths.bloom', '--prnt', 'x'], '(Did you mean --print?)'],
    [['run'], "missing required argument 'file'"],
    [
      ['run', 'dialect.ded', '--profile'],
      '`trellis compile FILE --emit program` prints a .bloom program that can be profiled',
    ],
    [['run', 'paths.bloom', 'paths.bloom'], 'too many arguments'],
    [['run', 'paths.bloom', '--ticks', '0'], 'write a whole number from 1'],
    [['run', 'paths.bloom', '--format', 'json'], 'Allowed choices are table, csv, tsv, jsonl'],
    [['run', 'paths.bloom', '--nodes', 'a,,b'], 'write names separated by commas'],
    [
      ['run', 'paths.bloom', '--print', 'pth'],
      'the program has no relation pth; did you mean path?',
    ],
    [['run', 'params.bloom', '--set', 'n'], 'write it as --set NAME=VALUE'],
    [['simulate', 'paths.bloom', '--duplicate', '2'], 'write a probability from 0 to 1'],
    [
      ['report', 'paths.bloom', '--explain', 'pth'],
      '--explain: there is no relation pth; did you mean path?',
    ],
    [['check', 'paths.bloom', '--deny', 'TRL9999'], 'there is no diagnostic TRL9999'],
    [['compile', 'paths.bloom'], "required option '--emit <stage>' not specified"],
    [
      ['compile', 'paths.bloom', '--emit', 'js', '--format', 'dot'],
      '--emit plan shows what the code does',
    ],
    [
      ['node', 'paths.bloom', '--name', 'a', '--peer', 'b=here'],
      'is not one that a node listens on',
    ],
    [['node', 'paths.bloom', '--name', 'n1', '--cluster', 'store.bloom'], 'not a cluster file'],
    [
      ['node', 'first-come', '--name', 'n1', '--cluster', 'first-come/cluster.toml'],
      'first-come names a cluster already',
    ],
    [
      ['report', 'paths.bloom', '--annotate', '--witness-dir', 'w'],
      '--annotate looks for no witness',
    ],
    [['explain', 'TRL9999'], 'there is no diagnostic TRL9999'],
    [['explain', 'sze'], 'there is no function sze; did you mean size?'],
    [['node', 'first-come', '--name', 'n9'], 'the cluster has no node n9; it has n1, n2, n3'],
    [['node', 'paths.bloom', '--name', 'a', '--peer', 'b'], 'write it as --peer NAME=URL'],
    [
      ['node', 'paths.bloom', '--name', 'a', '--listen', '127.0.0.1:99999'],
      'is no address to listen on',
    ],
    [['up', 'paths.bloom'], 'paths.bloom is a program, not a cluster'],
    [['help', 'chek'], 'Usage: trellis'],
  ])('%j is wrong usage: exit 2', async (words, message) => {
    const { stdout, stderr, code } = await trellis(...words);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it.each([
    [['run', 'none.bloom'], 'cannot read none.bloom: there is no such file'],
    [['run', '.'], '. is a folder without a cluster.toml'],
    [['run', 'binary.bloom'], 'it does not hold UTF-8'],
    [['run', 'lost'], 'cannot read lost/folder: it is a folder'],
    [['run', 'paths.bloom', '--facts', 'none'], '--facts none: there is no such folder'],
    [['run', 'paths.bloom', '--facts', 'link.csv'], 'say which relation it fills: link=link.csv'],
    [['run', 'paths.bloom', '--input', 'dep.csv'], 'write --input REL=dep.csv'],
    [['run', 'store.bloom', '--input', '.'], 'cannot read .: it is a folder'],
    [['run', 'paths.bloom', '--out', 'paths.bloom'], 'there is a file of that name, not a folder'],
    [['simulate', 'store.bloom', '--runs', '1', '--trace', '.'], 'cannot write .: it is a folder'],
    [['run', 'wrong.bloom'], 'error[TRL0201]'],
    [['run', 'params.bloom'], 'the param `n` has neither a default nor a value'],
    [['report', 'wrong.bloom'], 'error[TRL0201]'],
    [['check', 'dialect.ded', '--set', 'n=1'], 'the Dedalus dialect has no params'],
    [['run', 'paths.bloom', '--facts', 'odd'], 'cannot tell the format of odd/link.json'],
    [['up', 'lost'], 'cannot read lost/folder: it is a folder'],
  ])('%j is a mistake in a file: exit 1, in words', async (words, message) => {
    const { stderr, code } = await trellis(...words);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
    expect(stderr).not.toMatch(/^ +at |bug in Trellis/m);
  });

  it.each([
    [['report', 'wrong.bloom'], 1, 'TRL0201'],
    [['simulate', 'paths.bloom', '--facts', 'none'], 1, 'TRL1008'],
    [['replay', 'none.json'], 1, 'TRL1001'],
    [['report', 'paths.bloom', '--explain', 'pth'], 2, 'there is no relation pth'],
    [['report', 'paths.bloom', '--frmat', 'x'], 2, "unknown option '--frmat'"],
  ])('%j with --format json is one document, which says what failed', async (words, exit, why) => {
    const { stdout, stderr, code } = await trellis(...words, '--format', 'json');
    const failure = JSON.parse(stdout) as Failure;
    expect(code).toBe(exit);
    expect(Object.keys(failure)).toEqual(['schema', 'exitCode', 'message', 'diagnostics']);
    expect(failure).toMatchObject({ schema: 'trellis/failure/1', exitCode: exit });
    expect([failure.message, ...failure.diagnostics.map((d) => d.code)].join(' ')).toContain(why);
    expect(stderr).toContain(why);
  });

  it('has a SARIF log, and no second document, of what fails', async () => {
    for (const words of [['report', 'wrong.bloom'], ['report'], ['check', 'wrong.bloom']]) {
      const { stdout, code } = await trellis(...words, '--format=sarif');
      const log = JSON.parse(stdout) as { runs: [{ results: { ruleId: string }[] }] };
      expect(sarifErrors(log)).toEqual([]);
      expect([code, log.runs[0].results.map((r) => r.ruleId)]).toEqual(
        words.length === 1 ? [2, []] : [1, ['TRL0201']],
      );
    }
    const unmet = await trellis(
      'report',
      'first-come',
      '--require',
      'confluent',
      '--no-witness',
      '--format',
      'json',
    );
    expect([unmet.code, (JSON.parse(unmet.stdout) as Failure).schema]).toEqual([
      3,
      'trellis/report/1',
    ]);
  });

  it('colours if asked to, and not by itself where nobody looks', async () => {
    const coloured = await trellis('--color', 'check', 'wrong.bloom');
    expect(coloured.stderr).toContain('\u001b[');
    const after = await trellis('report', 'paths.bloom', '--color');
    expect(after.stdout).toContain('\u001b[');
    const plain = await trellis('check', 'wrong.bloom');
    expect(plain.stderr).not.toContain('\u001b');
    const refused = await trellis('--no-color', 'check', 'wrong.bloom');
    expect(refused.stderr).toBe(plain.stderr);
  });
});
