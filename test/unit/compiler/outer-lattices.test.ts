/** Lattices from TypeScript, through every stage that meets them. */
import { afterEach, describe, expect, it } from 'vitest';
import { decodeRow, encodeRow } from '../../../src/base/value-json.js';
import { latticeValue, list, type Row, type Value } from '../../../src/base/value.js';
import { rowText, valueText } from '../../../src/base/value-text.js';
import { checkLattice } from '../../../src/compiler/check-lattice.js';
import { defineLattice } from '../../../src/compiler/define-lattice.js';
import { fingerprintTexts } from '../../../src/compiler/fingerprint.js';
import type { LatticeSpec } from '../../../src/compiler/lattice-spec.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../../src/compiler/node-program.js';
import { renderText } from '../../../src/diagnostics/render-text.js';
import { programToModule } from '../../../src/semantics/program-to-module.js';
import { printModule } from '../../../src/syntax/print.js';
import { compileSound, compileText } from '../../support/compile-text.js';
import { startNode as startReference } from '../../support/reference-node.js';
import { startNode, stopAll, until } from '../host/hosted.js';
import { fingerprintOf } from '../../../src/host/fingerprint.js';
import { defaultSimulationOptions } from '../../../src/simulator/outcome.js';
import { simulateRun } from '../../../src/simulator/simulate-run.js';
import { adder, boaster, brittle, podium } from './outer-lattices.js';

const lattices = [podium];
const compile = (text: string) => compileSound(text, { lattices: [podium, brittle] });
const errors = (text: string): readonly string[] =>
  compileText(text, { lattices: [podium] }).diagnostics.map((d) => `${d.code} ${d.message}`);
const podiumOf = (...points: number[]): Value => latticeValue('Podium', [list(points)]);

const ring = `static link(x: string, y: string);
link("a", "b");
link("b", "c");
link("c", "a");
input score(at: string, n: int);
table best(at: string => three: Podium);
best(at, [n]) :- score(at, n);
best(y, p) :- best(x, p), link(x, y);
view full(at: string);
full(at) :- best(at, p), p.is_full();
`;

describe('in a program', () => {
  it('merge through recursion on a cycle, and are thresholds', () => {
    const node = startReference(compile(ring).coordinated);
    node.commit();
    node.commit({
      score: [
        ['a', 3],
        ['b', 1],
      ],
    });
    expect(node.query('best')).toEqual([
      'best("a", Podium([3, 1]))',
      'best("b", Podium([3, 1]))',
      'best("c", Podium([3, 1]))',
    ]);
    expect(node.query('full')).toEqual([]);
    node.commit({
      score: [
        ['c', 9],
        ['c', 0],
      ],
    });
    expect(node.query('full')).toEqual(['full("a")', 'full("b")', 'full("c")']);
    expect(node.query('best')[0]).toBe('best("a", Podium([9, 3, 1]))');
  });

  it('have methods, a constructor, the one-value form, parameters and modules', () => {
    const node = startReference(
      compile(`module Best {
  input add(n: int);
  output top(n: int);
  lattice all: Podium;
  all(Podium([n])) :- add(n);
  top(t) :- all(p), t = reveal(p.plus(1).best());
}
use Best as b;
input n(x: int);
b.add(x) :- n(x);
output top(n: int);
top(x) :- b.top(x);
lattice both: (Podium, lset<int>);
both((Podium([x]), {x})) :- n(x);
lattice named: lmap<string, Podium>;
named({"all": Podium([x])}) :- n(x);
param start: Podium = Podium([5]);
lattice more: Podium;
more(start);
more(p.with(s)) :- both((p, s)), p.reached(2);
`).coordinated,
    );
    node.commit();
    node.commit({ n: [[1], [4]] });
    expect(node.query('top')).toEqual(['top(5)']);
    expect(node.query('both')).toEqual(['both((Podium([4, 1]), lset({1, 4})))']);
    expect(node.query('named')).toEqual(['named(lmap({"all": Podium([4, 1])}))']);
    expect(node.query('more')).toEqual(['more(Podium([5, 4, 1]))']);
  });

  it('are judged by the classes of their methods', () => {
    const verdicts = (rule: string): readonly string[] =>
      compile(`input score(n: int);
channel told(@to: addr, n: int);
told(n, s)@async :- score(s), cluster(n);
lattice best: Podium;
best([n]) :- told(_, n);
output out(n: int);
${rule}`).confluence.observables.map(({ verdict }) => verdict);
    expect(verdicts('out(1) :- best(p), p.is_full();')).toEqual(['confluent']);
    expect(verdicts('out(1) :- best(p), p.reached(3);')).toEqual(['confluent']);
    expect(verdicts('out(1) :- best(p), p.worst() == 3;')).not.toEqual(['confluent']);
    expect(verdicts('out(n) :- best(p), n in reveal(p);')).not.toEqual(['confluent']);
  });

  it('are printed, and what is printed compiles to the same', () => {
    const text = printModule(programToModule(compile(ring).program));
    expect(text).toContain('best(at: string => three: Podium)');
    expect(printModule(programToModule(compile(text).program))).toBe(text);
  });

  it('are in the fingerprint of what a node runs', () => {
    const { coordinated, plan } = compile(ring);
    const { program } = fingerprintTexts(coordinated, plan, []);
    expect(program).toContain('lattice Podium of list<int>');
    expect(program).toContain('is_full(Podium monotone): lbool');
  });

  it('are no names unless they are lent', () => {
    const [first] = compileText(ring).diagnostics;
    expect(first).toMatchObject({ code: 'TRL0307', message: 'there is no type `Podium`' });
    const call = 'view v(x: any);\nv(x) :- x = Podium([1]);';
    expect(compileText(call).diagnostics.map(({ code }) => code)).toEqual(['TRL0202']);
  });
});

describe('mistakes in programs', () => {
  it.each([
    ['table t(p: Podium);', 'TRL0341'],
    ['table t(k: int => p: Podium<int>);', 'TRL0307 `Podium` takes no type arguments, not 1'],
    ['table t(k: int => p: list<Podium>);', 'TRL0340'],
    ['table t(k: int => p: Podum);', 'TRL0307 there is no type `Podum`'],
    [
      'table t(k: int => p: Podium);\nt(1, {2});',
      'TRL0310 the column `p` of `t` is Podium, but this is set<int>',
    ],
    [
      'table t(k: int => p: Podium);\nview v(k: int);\nv(k) :- t(k, p), p.is_fast();',
      'TRL0202 Podium has no method `is_fast`',
    ],
    [
      'table t(k: int => p: Podium);\nview v(k: int);\nv(k) :- t(k, p), p.reached("x");',
      'TRL0312 `reached` of Podium does not take string',
    ],
    [
      'table t(k: int => p: Podium);\ntable u(k: int => p: lset<int>);\nt(k, p) :- u(k, p);',
      'TRL0310 the column `p` of `t` is Podium, but this is lset<int>',
    ],
    [
      'static l(x: int, y: int);\ntable t(k: int => p: Podium);\nt(y, [n]) :- t(x, p), l(x, y), n in p.worst();',
      'TRL',
    ],
    ['extern function Podium(x: int): int from "./f.ts";', 'TRL0'],
  ])('%s', (text, error) => {
    const found = errors(text);
    expect(found[0] ?? '').toContain(error);
  });
});

describe('at run time', () => {
  const fails = (rows: readonly Row[]): string => {
    const node = startReference(
      compile(
        `input n(k: int, x: int);
table t(k: int => b: Brittle);
t(k, x) :- n(k, x);
output shown(k: int, s: string);
named: shown(k, reveal(b).text()) :- n(k, _), t(k, b);`.replace('reveal(b).text()', 'b.text()'),
      ).coordinated,
    );
    node.commit();
    const { diagnostic } = node.fail({ n: rows });
    return renderText([diagnostic], { color: false });
  };
  it('a method that gives nothing fails the timestep with its rule', () => {
    const text = fails([[1, 60]]);
    expect(text).toContain('TRL0811');
    expect(text).toContain('`Brittle.text(Brittle(60))` gave undefined, but it is declared string');
    expect(text).toContain('named');
  });
  it('a merge that throws, gives a wrong value, or is none fails it too', () => {
    expect(
      fails([
        [1, 600],
        [1, 400],
      ]),
    ).toContain('`Brittle.merge(400, 600)` threw RangeError: too much');
    expect(
      fails([
        [1, 300],
        [1, 400],
      ]),
    ).toContain('`Brittle.merge(300, 400)` gave -1, but it is declared nat');
    const none = fails([
      [1, 60],
      [1, 70],
    ]);
    expect(none).toContain('TRL0813');
    expect(none).toContain(
      'the merge of `Brittle` is none: Brittle(60) merged with Brittle(70) gives Brittle(130)',
    );
  });
});

describe('on several nodes', () => {
  afterEach(stopAll);
  const text = `channel told(@to: addr, from: addr => best: Podium);
input score(n: int);
lattice own: Podium;
own([n]) :- score(n);
told(n, me, p)@async :- own(p), cluster(n), self(me);
table heard(from: addr => best: Podium);
heard(f, p) :- told(_, f, p);
lattice all: Podium;
all(p) :- heard(_, p);
view board(points: list<int>);
board(p) :- all(p);
`;
  const inputs = [
    { node: 'a', relation: 'score', row: [7] },
    { node: 'a', relation: 'score', row: [2] },
    { node: 'b', relation: 'score', row: [9] },
    { node: 'b', relation: 'score', row: [7] },
  ];

  it('every schedule with duplicates and reordering ends alike', () => {
    const compiled = compileSound(text, { lattices });
    const nodes = ['a', 'b', 'c'];
    for (let seed = 1; seed <= 25; seed++) {
      const run = simulateRun(
        {
          program: makeNodeProgram(compiled, nodes),
          makeEvaluator: makeEvaluatorFactory(compiled, { maxTuples: 10_000 }),
          nodes,
          workload: { facts: [], inputs: inputs.map((input) => ({ ...input, atMs: null })) },
          replicated: ['board'],
          stored: ['heard'],
          momentary: new Set(),
          log: { retryMs: 600, catchUpMs: 300 },
        },
        { ...defaultSimulationOptions, seed, maxDelayMs: 50, duplicate: 0.3 },
      );

      const shown = run.outcome.final.get('board')!.map((row) => rowText('board', row));
      expect(shown, `seed ${seed}`).toEqual(nodes.map((node) => `board("${node}", [9, 7, 2])`));
      expect(run.outcome.replicasAgree).toBe(true);
    }
  });

  it('values travel in frames, and merge at the other end', async () => {
    const row = [podiumOf(9, 7)];
    expect(decodeRow(JSON.parse(JSON.stringify(encodeRow(row))))).toEqual(row);
    const compiled = compileSound(text, { lattices });
    const cluster = ['a', 'b'];
    const program = makeNodeProgram(compiled, cluster);
    expect(program.checkRow('told', ['a', 'b', podiumOf(9, 7)])).toBeNull();
    // Not in its one form, and of another lattice.
    expect(program.checkRow('told', ['a', 'b', podiumOf(7, 9)])).toContain('does not fit column');
    expect(program.checkRow('told', ['a', 'b', latticeValue('Boaster', [list([])])])).toContain(
      'does not fit',
    );
    const {
      language,
      program: p,
      params,
      coordination,
    } = fingerprintTexts(compiled.coordinated, compiled.plan, cluster);
    const print = fingerprintOf({ language, program: p, params, coordination });
    const start = (name: string) =>
      startNode(name, cluster, {
        program,
        fingerprint: print,
        evaluator: makeEvaluatorFactory(compiled, { maxTuples: 10_000 })({
          name,
          cluster,
          facts: [],
        }),
      });
    const [a, b] = [await start('a'), await start('b')];
    a.node.addPeer('b', b.url);
    b.node.addPeer('a', a.url);
    for (const { node, relation, row: values } of inputs)
      (node === 'a' ? a : b).node.insert(relation, [values]);
    const board = (of: typeof a): string =>
      of.node
        .query('board')
        .map((r) => rowText('board', r))
        .join();
    await until(() => board(a) === 'board([9, 7, 2])' && board(b) === 'board([9, 7, 2])');
    expect([a.reports, b.reports]).toEqual([[], []]);
  });
});

describe('the law checker', () => {
  it('finds nothing wrong with a lattice', () => {
    const report = checkLattice(podium, { seed: 7, runs: 500 });
    expect(report).toMatchObject({ holds: true, seed: 7, runs: 500, broken: [] });
    expect(report.values).toBeGreaterThan(50);
  });
  it('gives the same report for the same seed', () => {
    expect(checkLattice(boaster, { seed: 3 })).toEqual(checkLattice(boaster, { seed: 3 }));
  });
  it('shows values that break a law', () => {
    expect(checkLattice(adder).broken).toContainEqual({
      law: 'merge is idempotent',
      example: 'merge(Adder(1), Adder(1)) is Adder(2), but the value itself is Adder(1)',
    });
    const { broken } = checkLattice(boaster);
    expect(broken.map(({ law }) => law).sort()).toEqual([
      'method halved gives a value',
      'method lowest is monotone',
      'method size is morphism',
    ]);
  });
  it('keeps lattices that break laws out of programs', () => {
    const { diagnostics, compiled } = compileText('table t(k: int => a: Adder);', {
      lattices: [adder],
    });
    expect(compiled).toBeNull();
    const shown = renderText(diagnostics, { color: false });
    expect(shown).toContain(
      'error[TRL0342]: the lattice `Adder` breaks a law: merge is idempotent',
    );
    expect(shown).toContain('merge(Adder(1), Adder(1)) is Adder(2)');
  });
});

describe('definitions', () => {
  const sound: LatticeSpec<number> = { name: 'Level', holds: 'int', bottom: 0, merge: Math.max };
  const message = (change: Partial<LatticeSpec<number>>): string => {
    try {
      defineLattice({ ...sound, ...change });
      return 'fine';
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
  };
  it.each<[Partial<LatticeSpec<number>>, string]>([
    [{}, 'fine'],
    [{ name: 'lset' }, 'lattice lset: a built-in lattice or function has that name'],
    [{ name: 'size' }, 'a built-in lattice or function has that name'],
    [{ name: 'int' }, 'lattice int: a built-in type has that name'],
    [{ name: 'notin' }, 'that is a word of the language'],
    [{ name: '2nd' }, 'letters, digits'],
    [{ holds: 'strng' }, '`holds`: there is no type `strng` (did you mean `string`?)'],
    [{ holds: 'int); table x(y: int' }, 'is no type'],
    [{ holds: 'lmax<int>' }, '`holds` is a plain type'],
    [{ bottom: 1.5 }, '`bottom` is 1.5, and no int'],
    [{ samples: [1, 2, 3.5] }, '`samples[2]` is 3.5, and no int'],
    [
      {
        canonical: () => {
          throw new Error('no');
        },
      },
      '`bottom` is refused: `Level.canonical(0)` threw Error: no',
    ],
    [{ merge: undefined as never }, '`merge` must be a function'],
    [
      { methods: { up: { gives: 'int', is: 'monotone', of: (n) => n } } },
      'method `up`: int has no order that grows, so nothing that gives it is monotone',
    ],
    [
      { methods: { up: { gives: 'lmux<int>', is: 'monotone', of: (n) => n } } },
      'method `up`: there is no type `lmux`',
    ],
    [
      { methods: { up: { gives: 'lbool', is: 'growing' as never, of: () => true } } },
      '`is` must be one of morphism, monotone',
    ],
    [
      { methods: { up: { gives: 'lbool', is: 'monotone', takes: ['Level'], of: () => true } } },
      "say how it moves with Level, as { type: 'Level', is: 'monotone' }",
    ],
    [
      {
        methods: {
          up: {
            gives: 'lbool',
            is: 'monotone',
            takes: [{ type: 'int', is: 'monotone' }],
            of: () => true,
          },
        },
      },
      'int is no lattice',
    ],
    [
      { methods: { merge: { gives: 'lbool', is: 'monotone', of: () => true } } },
      'every lattice has a method of that name',
    ],
    [
      { methods: { 'a b': { gives: 'lbool', is: 'monotone', of: () => true } } },
      'programs could not write that name',
    ],
  ])('%j', (change, expected) => {
    expect(message(change)).toContain(expected);
  });
  it('have a name each', () => {
    const twin = defineLattice({ ...sound, name: 'Podium' });
    const { diagnostics } = compileText(ring, { lattices: [podium, twin] });
    expect(diagnostics.map(({ code }) => code)).toEqual(['TRL0343']);
    expect(() => checkLattice(twin)).toThrow('this process knows another lattice called Podium');
  });
  it('show their values', () => {
    expect(valueText(podiumOf(3, 1))).toBe('Podium([3, 1])');
  });
});
