/** `trellis check`, `report`, `compile` and `explain`: their texts, documents and exit codes. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliPrograms } from '../support/cli-programs.js';
import { sarifErrors } from '../support/sarif-schema.js';
import { sharedFolder } from '../support/temporary-folder.js';
import { runTrellis } from '../support/trellis-command.js';
import { startTrellis } from '../support/trellis-process.js';

const folder = sharedFolder({
  ...cliPrograms,
  'watched/user.bloom':
    'import "./m.bloom";\nuse M as m;\ninput a(x: int);\noutput p(x: int);\nm.i(x) :- a(x);\np(x) :- m.o(x);\n',
  'watched/app.bloom': 'output o(n: int);\no(1);\n',
});
const trellis = (...words: string[]) => runTrellis(words, { cwd: folder });
const document = (stdout: string): Record<string, never> =>
  JSON.parse(stdout) as Record<string, never>;
const keysOf = (value: object): readonly string[] => Object.keys(value).sort();

describe.concurrent('trellis check', () => {
  it('prints a verdict for each observable', async () => {
    const { stdout, stderr, code } = await trellis('check', 'paths.bloom', 'first-come');
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^warning\[TRL0603\]: /)]);
    expect(stdout).toBe(
      'paths.bloom: view path: confluent\nfirst-come: output winner: divergent (met by what is inserted)\n',
    );
  });

  it('reports errors of all files and exits with 1', async () => {
    const { stdout, stderr, code } = await trellis(
      'check',
      'wrong.bloom',
      'none.bloom',
      'paths.bloom',
    );
    expect(code).toBe(1);
    expect(stdout).toBe('paths.bloom: view path: confluent\n');
    expect(stderr).toContain('wrong.bloom: 1 error\n');
    expect(stderr).toContain('cannot read none.bloom');
  });

  it('has a document', async () => {
    const { stdout, code } = await trellis(
      'check',
      'wrong.bloom',
      'paths.bloom',
      '--format',
      'json',
    );
    expect(code).toBe(1);
    const json = document(stdout) as unknown as {
      schema: string;
      files: Record<string, unknown[]>[];
    };
    expect(json.schema).toBe('trellis/check/1');
    expect(json.files.map((file) => file['file'])).toEqual(['wrong.bloom', 'paths.bloom']);
    expect(json.files[0]!['diagnostics']![0]).toMatchObject({
      code: 'TRL0201',
      severity: 'error',
      file: 'wrong.bloom',
      start: { line: 2, column: 9 },
    });
    expect(json.files[1]!['observables']).toEqual([
      { relation: 'path', kind: 'view', verdict: 'confluent', met: true, discharged: false },
    ]);
  });

  it('has SARIF', async () => {
    const { stdout, code } = await trellis('check', 'wrong.bloom', '--format', 'sarif');
    const json = document(stdout) as unknown as {
      version: string;
      runs: { results: { ruleId: string; level: string }[] }[];
    };
    expect([code, json.version]).toEqual([1, '2.1.0']);
    expect(json.runs[0]!.results).toMatchObject([{ ruleId: 'TRL0201', level: 'error' }]);
  });

  it('can deny warnings, and allow them', async () => {
    const [denied, allowed, both] = await Promise.all([
      trellis('check', 'first-come.bloom', '--deny', 'TRL0201,trl0603'),
      trellis('check', 'first-come.bloom', '--allow', 'TRL0603'),
      trellis('check', 'wrong.bloom', '--allow', 'TRL0201'),
    ]);
    expect([denied.code, denied.stderr]).toEqual([1, expect.stringContaining('error[TRL0603]')]);
    expect([allowed.code, allowed.stderr]).toEqual([0, '']);
    // Errors cannot be allowed.
    expect(both.code).toBe(1);
  });

  it('watches with a line of JSON a round', async () => {
    const words = ['check', 'paths.bloom', 'wrong.bloom', '--watch', '--format', 'json'];
    const child = startTrellis(words, folder);
    await child.until('stderr', /watching/);
    child.signal('SIGKILL');
    const { stdout } = await child.ended;
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(document(stdout)).toMatchObject({ schema: 'trellis/check/1' });
  });

  it('watches what the program imports, also before it is there', async () => {
    const child = startTrellis(['check', 'watched/user.bloom', '--watch'], folder);
    await child.until('stderr', /there is no such file[^]*watching/);
    const write = (text: string) => writeFileSync(join(folder, 'watched/m.bloom'), text);
    write('module M { input i(x: int); output o(x: int); o(x) :- i(x); }\n');
    await child.until('stdout', /output p: confluent/);
    await child.until('stderr', /watching[^]*watching/);
    write('module M { input i(x: int); output o(x: int); o(x) :- j(x); }\n');
    await child.until('stderr', /there is no relation `j`/);
    child.signal('SIGKILL');
    await child.ended;
  });

  it('can watch', async () => {
    const child = startTrellis(['check', 'watched/app.bloom', '--watch'], folder);
    await child.until('stdout', /output o: confluent/);
    await child.until('stderr', /watching/);
    // The watch is set up right after the line is written.
    const timer = setInterval(
      () => writeFileSync(join(folder, 'watched/app.bloom'), 'o(x) :- p(x);\n'),
      200,
    );
    await child.until('stderr', /there is no relation `p`/);
    clearInterval(timer);
    child.signal('SIGKILL');
    await child.ended;
  });
});

describe.concurrent('trellis report', () => {
  it('explains what is not met; --require makes that an exit code', async () => {
    const [plain, required, fine] = await Promise.all([
      trellis('report', 'first-come'),
      trellis('report', 'first-come', '--require', 'confluent'),
      trellis('report', 'paths.bloom', '--require', 'confluent'),
    ]);
    expect([plain.code, required.code, fine.code]).toEqual([0, 3, 0]);
    expect(required.stdout).toBe(plain.stdout);
    expect(plain.stdout).toContain('winner: divergent (refuted)');
    expect(plain.stdout).toContain('in which two replicas end differently');
    expect(plain.stdout).toContain('inserted: one ordered log carries `ask`');
    expect(fine.stdout).toContain('coordination: none needed, none inserted');
  });

  it('has one document, with witnesses in files if asked for', async () => {
    const { stdout, code } = await trellis(
      'report',
      'first-come',
      '--format',
      'json',
      '--witness-dir',
      'witnesses',
    );
    expect(code).toBe(0);
    const json = document(stdout) as unknown as {
      program: string;
      observables: { status: string; witness: { file: string; outcomes: unknown[] } }[];
    };
    expect(json).toMatchObject({
      schema: 'trellis/report/1',
      program: 'first-come.bloom',
      coordination: { needed: true, points: 1 },
    });
    const [winner] = json.observables;
    expect(winner!.status).toBe('refuted');
    expect(winner!.witness.outcomes).toHaveLength(2);
    expect(winner!.witness.file).toBe('witnesses/witness-winner.json');
    const file = document(readFileSync(join(folder, winner!.witness.file), 'utf8'));
    expect(file).toMatchObject({
      schema: 'trellis/witness/1',
      observable: 'winner',
      nodes: ['n1', 'n2', 'n3'],
    });
  });

  it('can do without witnesses', async () => {
    const { stdout } = await trellis(
      'report',
      'first-come',
      '--no-witness',
      '--witness-dir',
      'no-witnesses',
      '--format',
      'json',
    );
    expect(document(stdout)).toMatchObject({ observables: [{ status: 'unknown', witness: null }] });
    expect(existsSync(join(folder, 'no-witnesses'))).toBe(false);
  });

  it('explains a relation, shown or not', async () => {
    const [shown, hidden, json, unknown] = await Promise.all([
      trellis('report', 'store.bloom', '--explain', 'size'),
      trellis('report', 'first-come', '--explain', 'taken', '--no-witness'),
      trellis('report', 'first-come', '--explain', 'taken', '--no-witness', '--format', 'json'),
      trellis('report', 'first-come', '--explain', 'takn', '--no-witness'),
    ]);
    expect(shown.stdout).toContain('size: ');
    expect(shown.stdout).not.toMatch(/^ {2}output /m);
    expect(hidden.stdout).toContain('taken: divergent; it is not shown');
    expect(hidden.stdout).toContain('D first@next reads ±ask, -taken: ');
    expect(hidden.stdout).toContain('what would change it: the marked places in `first`');
    expect(document(json.stdout)).toMatchObject({
      schema: 'trellis/report/1',
      explained: { relation: 'taken', shown: false, verdict: 'divergent' },
    });
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      'error: --explain: there is no relation takn; did you mean taken?\n',
    ]);
  });

  it('gives every rule its letter in the margin', async () => {
    const { stdout, code } = await trellis('report', 'first-come', '--annotate');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^M +\d+ \| ask\(n, w\)@async .* · a map over single events$/m);
    expect(stdout).toMatch(/^D +\d+ \| first: /m);
    expect(stdout).toMatch(/\^+ aggregates the events that happen to share a timestep$/m);
    expect(stdout).toContain('rules: 2 monotone, 1 divergent');
  });

  it('says what changed since an older version', async () => {
    const [text, json, same] = await Promise.all([
      trellis('report', 'first-come', '--diff', 'paths.bloom', '--require', 'confluent'),
      trellis('report', 'first-come', '--diff', 'paths.bloom', '--format', 'json'),
      trellis('report', 'first-come', '--diff', 'first-come.bloom'),
    ]);
    // The requirement is on the newer version.
    expect(text.code).toBe(3);
    expect(text.stdout).toContain(
      'output `winner` is new: divergent, needs an ordered log on `ask`',
    );
    expect(text.stdout).toContain('`path` is no longer shown (it was confluent)');
    expect(document(json.stdout)).toMatchObject({
      schema: 'trellis/report-diff/1',
      before: 'paths.bloom',
      after: 'first-come.bloom',
      log: { before: [], after: ['ask'] },
    });
    expect(same.stdout).toContain('the analysis finds no difference');
  });

  it('has SARIF and DOT', async () => {
    const [sarif, dot] = await Promise.all([
      trellis('report', 'first-come', '--no-witness', '--format', 'sarif'),
      trellis('report', 'first-come', '--no-witness', '--format', 'dot'),
    ]);
    const log = document(sarif.stdout) as unknown as { runs: { results: object[] }[] };
    expect(sarifErrors(log)).toEqual([]);
    expect(log.runs[0]!.results).toMatchObject([
      { ruleId: 'TRL0603', codeFlows: [{}], properties: { difference: 'replicas' } },
    ]);
    expect(dot.stdout).toMatch(/^digraph report \{\n[^]*"taken" -> "winner"[^]*\}\n$/);
  });

  it.each([
    [['--explain', 'taken', '--annotate'], '--explain and --annotate exclude each other'],
    [['--annotate', '--format', 'dot'], '--annotate has no --format dot: it is text or json'],
    [['--diff', 'paths.bloom', '--format', 'sarif'], '--diff has no --format sarif'],
  ])('refuses %j', async (words, message) => {
    const { code, stderr } = await trellis('report', 'first-come', ...words);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe.concurrent('trellis compile', () => {
  it('shows the syntax tree, also of a program that does not check', async () => {
    const [text, json] = await Promise.all([
      trellis('compile', 'wrong.bloom', '--emit', 'ast'),
      trellis('compile', 'wrong.bloom', '--emit', 'ast', '--format', 'json'),
    ]);
    expect([text.code, text.stdout]).toEqual([0, 'output o(x: int);\n\no(x) :- nothing(x);\n']);
    const module = document(json.stdout) as unknown as { statements: { span: { file: string } }[] };
    expect(module.statements.map(({ span }) => span.file)).toEqual(['wrong.bloom', 'wrong.bloom']);
  });

  it.each(['ast', 'program', 'graph', 'coordinated', 'plan', 'js'])(
    'has the stage %s as JSON, and as a graph unless it is code',
    async (stage) => {
      const emit = (format: string) =>
        trellis('compile', 'first-come.bloom', '--emit', stage, '--format', format);
      const [json, dot] = await Promise.all([emit('json'), emit('dot')]);
      expect(document(json.stdout)['schema']).toBe(`trellis/${stage}/1`);
      expect([dot.code, dot.stdout.startsWith('digraph ')]).toEqual(
        stage === 'js' ? [2, false] : [0, true],
      );
      if (stage === 'plan')
        expect(document(json.stdout)).toMatchObject({
          upkeep: [
            { bodies: [{ enter: [{ literal: 0 }], restore: expect.any(Array) as unknown }] },
          ],
        });
      if (stage === 'js')
        expect(document(json.stdout)).toMatchObject({
          source: expect.stringContaining('winner#1') as string,
          map: { version: 3 },
          upkeep: [expect.stringContaining('winner#1, upkeep') as string],
        });
    },
  );

  it('shows the program, the graph and what was coordinated', async () => {
    const emit = (...words: string[]) => trellis('compile', 'first-come.bloom', '--emit', ...words);
    const [program, graph, dot, graphJson, coordinated, bare, plan, code] = await Promise.all([
      emit('program'),
      emit('graph'),
      emit('graph', '--format', 'dot'),
      emit('graph', '--format', 'json'),
      emit('coordinated'),
      emit('coordinated', '--coordinate', 'none'),
      emit('coordinated', '--format', 'json'),
      emit('js'),
    ]);
    expect(code.stdout).toContain('function upkeep1($) {');
    expect(program.stdout).toContain('first: taken(0, min<w>)@next :-');
    expect(graph.stdout).toMatch(/^stratum 0: /);
    expect(graph.stdout).toContain('first]-> taken@next');
    expect(dot.stdout).toMatch(
      /^digraph program \{\n[^]*"taken" -> "winner" \[label="winner#1", style=solid, color=black\];\n\}\n$/,
    );
    expect(keysOf(document(graphJson.stdout))).toEqual(
      expect.arrayContaining(['edges', 'relations', 'strata']),
    );
    expect(coordinated.stdout).toMatch(/^\/\/ coordination: one ordered log carries ask\n/);
    expect(bare.stdout).toMatch(/^\/\/ coordination: none\n/);
    expect(document(plan.stdout)).toMatchObject({ plan: { orderedLog: { channels: ['ask'] } } });
  });
});

describe.concurrent('trellis explain', () => {
  it('explains codes in any case, and lists codes and functions', async () => {
    const [code, codes, functions] = await Promise.all([
      trellis('explain', 'trl0201'),
      trellis('explain', 'codes'),
      trellis('explain', 'functions'),
    ]);
    expect(code.stdout).toMatch(/^TRL0201: [^]*\nWrong:\n\n {4}[^]*\nRight:\n\n {4}/);
    expect(codes.stdout).toMatch(/^TRL0101 {2}\S/);
    expect(functions.stdout).toMatch(/^abs\(/m);
    // What the last argument is for is said; the call does without it.
    expect(functions.stdout).toMatch(
      /^lmap\.at\(lmap<K, L>, K\): L\nlmap\.at\(lmap<K, L>, K, L\): L\n.*merged with the last argument.*\n {4}lmap.* is lmax\(1\)$/m,
    );
    expect([code.code, codes.code, functions.code]).toEqual([0, 0, 0]);
  });
});
