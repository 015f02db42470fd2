import { describe, expect, it } from 'vitest';
import { compileSource, defaultCompileOptions } from '../../../src/compiler/compile-source.js';
import type { CompileOptions } from '../../../src/compiler/compile-source.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../../src/compiler/node-program.js';
import { fingerprintTexts } from '../../../src/compiler/fingerprint.js';
import type { FingerprintTexts } from '../../../src/compiler/fingerprint.js';
import { float } from '../../../src/base/value.js';
import type { Value } from '../../../src/base/value.js';
import { compileSound } from '../../support/compile-text.js';

const compile = (text: string, options: Partial<CompileOptions> = {}) =>
  compileSource({ path: 'p.bloom', text }, { ...defaultCompileOptions, ...options });

/** Every node keeps what it hears first: needs an order. */
const race = `
  channel ask(@to: addr, who: string);
  input wish(to: addr, who: string);
  table won(slot: int => who: string);
  output winner(who: string);
  ask(n, w)@async :- wish(_, w), cluster(n);
  first: won(0, min<w>)@next :- ask(_, w), notin won(0, _);
  winner(w) :- won(_, w);
`;

describe('compileSource', () => {
  it('leaves what every stage made', () => {
    const { source, module, diagnostics, compiled } = compile(race);
    expect(source).toEqual({ path: 'p.bloom', text: race });
    expect(module.statements).toHaveLength(7);
    expect(diagnostics).toEqual([]);
    expect(compiled!.program.relations.get('won')?.kind).toBe('table');
    expect(compiled!.confluence.observables.map(({ relation }) => relation)).toEqual(['winner']);
    expect(compiled!.plan.orderedLog?.channels).toEqual(['ask']);
    expect(compiled!.coordinated.rules).toHaveLength(compiled!.program.rules.length);
  });

  it('has no program where there is an error, and reports all of them', () => {
    const { module, diagnostics, compiled } = compile(
      'table t(a: int;\noutput o(x: int);\no(x) :- q(x);',
    );
    expect(compiled).toBeNull();
    expect(module.statements.length).toBeGreaterThan(0);
    const codes = diagnostics.map(({ code }) => code);
    expect(codes.some((code) => code.startsWith('TRL01'))).toBe(true);
    expect(codes).toContain('TRL0201');
  });

  it.each(['', '\0\u0001\uFFFF', '((((', '"', '/*', 'a'.repeat(100_000)])(
    'throws on no text: %j',
    (text) => {
      expect(() => compile(text)).not.toThrow();
    },
  );

  it('gives params their values', () => {
    const text = 'param n: int = 1;\noutput o(n: int);\no(n) :- boot(_);';
    const value = (params: ReadonlyMap<string, Value>) =>
      compile(text, { params }).compiled?.program.params;
    expect(value(new Map())).toEqual([{ name: 'n', value: 1 }]);
    expect(value(new Map([['n', 7]]))).toEqual([{ name: 'n', value: 7 }]);
    expect(value(new Map([['n', 'x']]))).toBeUndefined();
    expect(value(new Map([['m', 7]]))).toBeUndefined();
  });

  it('observes what is asked for', () => {
    const text = 'table t(a: int);\noutput o(a: int);\nt(1);\no(a) :- t(a);';
    expect(compile(text).compiled!.program.observables).toEqual(['o']);
    expect(compile(text, { observe: ['t'] }).compiled!.program.observables).toEqual(['t']);
    expect(compile(text, { observe: ['u'] }).compiled).toBeNull();
  });

  it('inserts nothing if told so', () => {
    expect(compile(race, { coordinate: 'none' }).compiled!.plan.orderedLog).toBeNull();
  });
});

describe('the fingerprint', () => {
  const texts = (
    text: string,
    { members = ['a', 'b'], ...options }: Partial<CompileOptions> = {},
  ): FingerprintTexts => {
    const { coordinated, plan } = compileSound(text, { coordinate: 'auto', ...options });
    return fingerprintTexts(coordinated, plan, members ?? []);
  };
  const differences = (a: FingerprintTexts, b: FingerprintTexts): readonly string[] =>
    (Object.keys(a) as (keyof FingerprintTexts)[]).filter((part) => a[part] !== b[part]);
  const base = `param p: int = 1;\ntable base(n: int);\nbase(5);\n${race}\noutput o(n: int);\no(n + p) :- base(n);`;

  it('does not see comments, layout, facts and the file name', () => {
    const other = `// another day\n\n${base.replace('base(5);', 'base(6); base(7);').replaceAll(', ', ' ,\n   ')}`;
    expect(differences(texts(base), texts(other))).toEqual([]);
    const { coordinated, plan } = compileSound(base, { coordinate: 'auto' }, 'elsewhere/q.bloom');
    expect(fingerprintTexts(coordinated, plan, ['a', 'b'])).toEqual(texts(base));
  });

  it.each([
    ['a rule', 'o(n + p) :- base(n);', 'o(n + p) :- base(n), n > 0;'],
    ['a constant', 'won(0,', 'won(1,'],
    ['a column', 'table base(n: int)', 'table base(n: nat)'],
    ['a key', 'slot: int => who: string', 'slot: int, who: string'],
    ['a kind', 'table base', 'static base'],
  ])('sees another %s in the part of the program', (_, from, to) => {
    expect(base).toContain(from);
    const other = base.replaceAll(from, to);
    expect(
      differences(texts(base, { coordinate: 'none' }), texts(other, { coordinate: 'none' })),
    ).toEqual(['program']);
  });

  it('sees params apart from the program', () => {
    const other = texts(base, { params: new Map([['p', 2]]) });
    expect(differences(texts(base), other)).toContain('params');
    const floats = 'param p: float = 1.0;\noutput o(n: float);\no(p) :- boot(_);';
    expect(texts(floats).params).toBe('p = 1.0');
    expect(texts(floats, { params: new Map([['p', float(2)]]) }).params).toBe('p = 2.0');
  });

  it('sees whether, and among whom, there is a log', () => {
    expect(differences(texts(base), texts(base, { coordinate: 'none' }))).toEqual(['coordination']);
    expect(differences(texts(base), texts(base, { members: ['a'] }))).toEqual(['coordination']);
    expect(differences(texts(base), texts(base, { members: ['b', 'a'] }))).toEqual([]);
  });

  it('does not see members where nothing is voted on', () => {
    const quiet = 'table t(n: int); output o(n: int); o(n) :- t(n);';
    expect(differences(texts(quiet), texts(quiet, { members: ['z'] }))).toEqual([]);
  });
});

describe('what a node needs to know', () => {
  const compiled = compileSound(
    `table kept(@at: addr, n: int => s: list<string>);
     table own(n: nat);
     channel say(to: addr, @from: addr);
     loopback again(n: int);
     periodic tick(250ms);
     view v(n: int);
     output o(n: int);
     v(n) :- kept(_, n, _);
     o(1) :- tick(_, _), say(_, _);
     say(a, b)@async :- say(b, a), own(_);
     again(n)@async :- again(n);`,
    { coordinate: 'none' },
  );
  const program = makeNodeProgram(compiled, ['b', 'a']);

  it('is where rows belong, what others may send, what ticks and what shows', () => {
    expect([...program.locationByRelation]).toEqual([
      ['kept', 0],
      ['say', 1],
    ]);
    expect([...program.receivable].sort()).toEqual(['kept', 'say']);
    expect(program.periodics).toEqual([{ relation: 'tick', periodMs: 250 }]);
    expect([...program.observables]).toEqual([
      ['v', 'view'],
      ['o', 'output'],
    ]);
    expect(program.orderedLog).toBeNull();
  });

  it('is the log, with its members in order', () => {
    const ordered = makeNodeProgram(compileSound(race, { coordinate: 'auto' }), ['b', 'a']);
    expect(ordered.orderedLog).toEqual({ channels: new Set(['ask']), members: ['a', 'b'] });
  });

  it.each<[string, Value[], string | null]>([
    ['own', [3], null],
    ['own', [-3], '-3 does not fit column `n` of `own`'],
    ['own', [], '`own` has 1 columns, not 0'],
    ['say', ['a', 7], '7 does not fit column `from` of `say`'],
    ['nothing', [], 'the program has no relation `nothing`'],
  ])('checks rows: %s %j', (relation, row, problem) => {
    expect(program.checkRow(relation, row)).toBe(problem);
  });

  it('makes evaluators that are apart from each other', () => {
    const make = makeEvaluatorFactory(compiled, { maxTuples: 100 });
    const evaluators = ['a', 'b'].map((name) =>
      make({
        name,
        cluster: ['a', 'b'],
        facts: [{ relation: 'own', rows: name === 'a' ? [[1]] : [] }],
      }),
    );
    for (const evaluator of evaluators)
      evaluator.timestep({ events: [], nextTuples: [], nowMs: 0, boot: { first: true } });
    expect(evaluators.map((evaluator) => evaluator.query('own'))).toEqual([[[1]], []]);
  });
});
