/** Declarations, definitions and clauses as trees; words that are keywords only where they stand. */
import { describe, expect, it } from 'vitest';

import { parseModule } from '../../../src/syntax/parse.js';
import { printModule } from '../../../src/syntax/print.js';

import { canonical, clause, literals, parse, statements, withoutSpans } from './parse-text.js';

const id = (text: string): object => ({ text });

describe('declarations', () => {
  it.each(['table', 'scratch', 'static', 'input', 'output', 'view', 'channel', 'loopback'])(
    '%s',
    (kind) => {
      expect(withoutSpans(statements(`${kind} kv(key: string => value: int);`)[0])).toEqual({
        kind: 'declaration',
        collection: kind,
        durable: false,
        name: id('kv'),
        columns: [
          { name: id('key'), located: false, type: { name: 'string', arguments: [] } },
          { name: id('value'), located: false, type: { name: 'int', arguments: [] } },
        ],
        keyLength: 1,
        partition: null,
        doc: null,
      });
    },
  );

  it('distinguishes no columns, an empty list, no key and an empty key', () => {
    const of = (text: string): unknown[] =>
      statements(text).map(
        (s) => s.kind === 'declaration' && [s.columns?.length ?? null, s.keyLength],
      );
    expect(of('table a; table b(); table c(x, y); table d(=> x); table e(x => y, z);')).toEqual([
      [null, null],
      [0, null],
      [2, null],
      [1, 0],
      [3, 1],
    ]);
  });

  it('reads by which columns a relation is spread, also in a line of its own', () => {
    const text = 'table link(a: int, b: int)\npartition by (b, a);\ntable partition(by: int);';
    const found = statements(text).map(
      (s) => s.kind === 'declaration' && (s.partition?.columns.map((c) => c.text) ?? null),
    );
    expect(found).toEqual([['b', 'a'], null]);
    expect(canonical('table t(a:int)partition by(a);')).toBe('table t(a: int) partition by (a);');
    expect(canonical('lattice l: lset<int> partition by ();')).toBe(
      'lattice l: lset<int> partition by ();',
    );
  });

  it('marks located columns and durable relations', () => {
    const [channel] = statements('durable channel send(@to: addr, next, @next);');
    expect(channel).toMatchObject({ collection: 'channel', durable: true });
    expect(
      channel?.kind === 'declaration' && channel.columns?.map((c) => [c.located, c.name.text]),
    ).toEqual([
      [true, 'to'],
      [false, 'next'],
      [true, 'next'],
    ]);
  });

  it.each([
    ['table t(a: set<int>=> b: int);', 'table t(a: set<int> => b: int);'],
    [
      'table t(a: list<list<int>>, b: map<int, list<list<int>>>=> c);',
      'table t(a: list<list<int>>, b: map<int, list<list<int>>> => c);',
    ],
    ['const s: set<int>={3>=2};', 'const s: set<int> = {3 >= 2};'],
    ['param m: map<int, set<int>>= {:};', 'param m: map<int, set<int>> = {:};'],
    [
      'table t(a: (int, string), b: (int,), c: (), d: (int));',
      'table t(a: (int, string), b: (int,), c: (), d: int);',
    ],
  ])('closes types: %s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it('reads timers, constants and parameters', () => {
    expect(
      withoutSpans(statements('periodic beat(500ms); const q = 2; param r: int = 3; param s;')),
    ).toEqual([
      {
        kind: 'periodic',
        name: id('beat'),
        period: { kind: 'constant', value: 500, text: '500ms' },
        doc: null,
      },
      {
        kind: 'const',
        name: id('q'),
        type: null,
        value: { kind: 'constant', value: 2, text: '2' },
        doc: null,
      },
      {
        kind: 'param',
        name: id('r'),
        type: { name: 'int', arguments: [] },
        value: { kind: 'constant', value: 3, text: '3' },
        doc: null,
      },
      { kind: 'param', name: id('s'), type: null, value: null, doc: null },
    ]);
  });
});

describe('clauses', () => {
  it('gives each head its own action and time', () => {
    const { heads, body, label } = clause(
      'both: a(x), delete b(x), upsert c(x), d(x)@next, delete e(x)@async :- f(x);',
    );
    expect(label?.text).toBe('both');
    expect(heads.map((h) => [h.action, h.relation.text, h.time])).toEqual([
      ['derive', 'a', 'now'],
      ['delete', 'b', 'now'],
      ['upsert', 'c', 'now'],
      ['derive', 'd', 'next'],
      ['delete', 'e', 'async'],
    ]);
    expect(body).toHaveLength(1);
  });

  it('separates alternatives, and facts from rules', () => {
    expect(
      clause('p(x) :- q(x), r(x) | s(x) || t(x) | u(x);').body?.map((c) => c.literals.length),
    ).toEqual([2, 1, 1]);
    expect(clause('p(1), q();').body).toBeNull();
  });

  it('names arguments in heads and bodies', () => {
    const { heads, body } = clause('p(a: x, b: min<y>) :- q(c: x), notin r(d: _);');
    expect(heads[0]!.arguments.map((a) => [a.kind, a.name?.text])).toEqual([
      ['term', 'a'],
      ['aggregate', 'b'],
    ]);
    const [first, second] = body![0]!.literals;
    expect(first).toMatchObject({
      kind: 'condition',
      term: { kind: 'call', arguments: [{ name: { text: 'c' } }] },
    });
    expect(second).toMatchObject({
      kind: 'negation',
      arguments: [{ name: { text: 'd' }, term: { kind: 'wildcard' } }],
    });
  });

  it('reads aggregates with any additive argument, and comparisons in parentheses', () => {
    const { heads } = clause(
      'p(count<*>, argmin<-c, x * 2 + f(y)>, sum < x >, (min < c), min(c), top<3, x>) :- q(c, x, y);',
    );
    expect(
      heads[0]!.arguments.map((a) =>
        a.kind === 'aggregate' ? `${a.function.text}/${a.arguments.length}` : a.term.kind,
      ),
    ).toEqual(['count/0', 'argmin/2', 'sum/1', 'binary', 'call', 'top/2']);
  });

  it('tells the kinds of literals apart', () => {
    const text =
      'q(x), notin r(x), !s(x), y = x + 1, (k, v) = y, z in [1], (k, v) in m, z notin {1}, x < 3, 3 = x';
    expect(
      literals(text).map((l) => (l.kind === 'membership' && l.negated ? 'notin' : l.kind)),
    ).toEqual([
      'condition',
      'negation',
      'condition',
      'binding',
      'binding',
      'membership',
      'membership',
      'notin',
      'condition',
      'binding',
    ]);
  });

  it('reads `:-` as two signs inside brackets', () => {
    expect(canonical('p({k:-1}) :-q(c:-x);')).toBe('p({k: -1}) :- q(c: -x);');
  });

  it('covers a statement with its span, the semicolon left out', () => {
    const text = '  win: p(x)@next :- q(x) ; ';
    const { span, heads } = clause(text);
    expect(text.slice(span.start, span.end)).toBe('win: p(x)@next :- q(x)');
    expect(text.slice(heads[0]!.span.start, heads[0]!.span.end)).toBe('p(x)@next');
  });
});

describe('words', () => {
  const words = [
    'table',
    'scratch',
    'static',
    'input',
    'output',
    'view',
    'channel',
    'loopback',
    'periodic',
    'const',
    'param',
  ];
  const others = [
    'durable',
    'delete',
    'upsert',
    'next',
    'async',
    'order',
    'count',
    'min',
    'not',
    'and',
    'or',
    'module',
    'import',
    'use',
    'lattice',
    'seal',
    'partition',
    'by',
  ];

  it.each([...words, ...others])('%s names relations, labels, columns and variables', (w) => {
    const text = `table ${w}(${w}: int);\n\n${w}: ${w}(${w}), delete ${w}(${w}: 1)@next :- ${w}(${w}), notin ${w}(${w}), ${w} = 3;`;
    expect(
      canonical(text).replace(/:-\n\s+|(?<=,)\n\s+/g, (at) => (at.startsWith(':') ? ':- ' : ' ')),
    ).toBe(text);
  });

  it.each(['notin', 'in', 'true', 'false', 'null', 'if', 'then', 'else'])('%s is reserved', (w) => {
    expect(parse(`table ${w}(x);`).diagnostics.map((d) => d.code)).toEqual(['TRL0121']);
  });
});

describe('documentation', () => {
  it('belongs to the next statement, without its first blank', () => {
    const text =
      '/// one\n///\n///   two\ntable a; /// three\n// no\n//// no\np(1 /// lost\n);\ntable b;\n/// nothing follows';
    expect(statements(text).map((s) => s.doc)).toEqual(['one\n\n  two', 'three', null]);
  });

  it('of a broken statement is not handed on', () => {
    expect(parse('/// bad\np(;\ntable a;').value.statements.map((s) => s.doc)).toEqual([null]);
  });
});

describe('words as names', () => {
  it.each([
    'coordinate delete auto;',
    'coordinate sealed none;',
    'use upsert as x;',
    'use import as use (on = 1);',
    'seal when when when(x);',
    'seal on on (from) from from(c) when on();',
    'import.send(1) :- use.got(_);',
    'use: a.send(1), delete not.b(x) :- c(x);',
    'delete.p(1), upsert.q(2);',
  ])('%s', (text) => {
    const { value, diagnostics } = parseModule({ path: 'test.bloom', text });
    expect(diagnostics).toEqual([]);
    expect(printModule(value)).toBe(`${text}\n`);
  });
});
