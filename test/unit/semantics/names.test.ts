import { describe, expect, it } from 'vitest';
import { bytes, list, map, set, tuple, type Value } from '../../../src/base/value.js';
import { valueText } from '../../../src/base/value-text.js';
import { checkFixture, checkText, codesOf, programOf } from '../../support/check-fixture.js';

function holds(fixture: string): void {
  const { actual, expected } = checkFixture(fixture);
  expect(actual).toEqual(expected);
}

describe('relations', () => {
  it('reports every use of an unknown relation with the nearest name', () => {
    holds(`
input ask(id: int);
output got(id: int);
got(x) :- aks(x);
          ^^^ TRL0201 there is no relation \`aks\`
got(x) :- ask(x), notin aks(x);
                        ^^^ TRL0201
got(x) :- ask(x), !aks(x);
                   ^^^ TRL0201
`);
    const { diagnostics } = checkText('input ask(id: int); output got(id: int); got(x) :- aks(x);');
    expect(diagnostics[0]!.help).toBe('did you mean `ask`?');
    expect(diagnostics[0]!.fixes![0]!.edits[0]!.text).toBe('ask');
  });

  it('shows both places of a relation declared twice', () => {
    const { diagnostics } = checkText('table kv(a: int);\nview kv(b: int);');
    expect(diagnostics.map((d) => d.code)).toEqual(['TRL0203']);
    expect(diagnostics[0]!.primary!.span.start).toBe(23);
    expect(diagnostics[0]!.secondary![0]!.span.start).toBe(6);
  });

  it('makes an undeclared relation static with facts only, scratch with a rule', () => {
    const { relations } = programOf('link("a", "b"); path(x, y) :- link(x, y); path("c", "d");');
    expect(relations.get('link')).toMatchObject({ kind: 'static', declared: false });
    expect(relations.get('path')).toMatchObject({ kind: 'scratch', declared: false });
  });

  it('infers columns of a kind statement: c1, c2 by position, names by name', () => {
    const { relations } = programOf(`
      input put; table kv; output grant;
      kv(k, v) :- put(key: k, value: v);
      grant(k) :- kv(k, 3);`);
    expect(relations.get('put')!.columns.map((c) => c.name)).toEqual(['key', 'value']);
    expect(relations.get('kv')!.columns.map((c) => c.name)).toEqual(['c1', 'c2']);
    expect(relations.get('grant')!.kind).toBe('output');
  });

  it('names both places of an arity conflict between uses', () => {
    const { diagnostics } = checkText('p(1, 2);\nq(x) :- p(x);');
    expect(diagnostics.map((d) => d.code)).toEqual(['TRL0301']);
    expect(diagnostics[0]!.primary!.span.start).toBe(17);
    expect(diagnostics[0]!.secondary![0]!.span.start).toBe(0);
  });

  it('lets a relation hide the function of its name, in literals and in terms', () => {
    expect(codesOf('size(1); p(x) :- size(x);')).toEqual([]);
    holds(`
size(1);
output n(x: int);
n(size("abc")) :- boot(_);
  ^^^^ TRL0213 \`size\` is a relation
`);
  });

  it('reads a call as a function of type bool where no relation has the name', () => {
    const { rules } = programOf(
      'input w(t: string); p(t) :- w(t), contains(t, "a"), !contains(t, "b");',
    );
    expect(rules[0]!.bodies[0]!.literals.map((l) => l.kind)).toEqual([
      'atom',
      'condition',
      'condition',
    ]);
  });

  it('gives the built-in relations their columns, and lists only those used', () => {
    const { relations } = programOf(`
      stdout(l) :- stdin(l); stderr("x") :- boot(true); halt(1) :- now(t), t > 5; p(n) :- self(n), cluster(n);`);
    const shown = [...relations.values()]
      .filter((r) => r.builtin !== null)
      .map((r) => `${r.kind} ${r.name}(${r.columns.map((c) => c.type.kind).join()})`);
    expect(shown).toEqual([
      'input stdin(string)',
      'output stdout(string)',
      'output stderr(string)',
      'output halt(int)',
      'static self(addr)',
      'input now(int)',
      'input boot(bool)',
      'static cluster(addr)',
    ]);
    expect([...programOf('stdout("hi") :- boot(_);').relations.keys()]).toEqual(['stdout', 'boot']);
  });
});

describe('named arguments', () => {
  it('go to their columns; left-out ones are wildcards in bodies and in delete', () => {
    const { rules } = programOf(
      'table kv(a: int, b: int => c: int); delete kv(b: y) :- kv(c: 3, b: y);',
    );
    expect(rules[0]!.head.arguments.map((a) => a.kind === 'term' && a.term.kind)).toEqual([
      'wildcard',
      'variable',
      'wildcard',
    ]);
    const [atom] = rules[0]!.bodies[0]!.literals;
    expect(atom!.kind === 'atom' && atom!.arguments.map((a) => a.kind)).toEqual([
      'wildcard',
      'variable',
      'constant',
    ]);
  });

  it('are checked one by one', () => {
    holds(`
table kv(key: int => value: int);
output o(x: int);
o(x) :- kv(kye: x);
           ^^^ TRL0302 \`kv\` has no column \`kye\`
o(x) :- kv(key: x, key: 2);
                   ^^^ TRL0303
o(x) :- kv(key: x, 3);
        ^^^^^^^^^^^^^ TRL0304
`);
  });
});

describe('constants and params', () => {
  it('are replaced by their values, in any order of definition', () => {
    const { rules, params } = programOf(
      'const a = b * 2; param b: int = 3; p(x) :- q(x), x > a; q(1);',
    );
    expect(params).toEqual([{ name: 'b', value: 3 }]);
    const [, condition] = rules[0]!.bodies[0]!.literals;
    expect(
      condition!.kind === 'condition' &&
        condition!.term.kind === 'apply' &&
        condition!.term.arguments[1],
    ).toMatchObject({ kind: 'constant', value: 6 });
  });

  it('takes values from outside, with the declared type', () => {
    const text = 'param rate: float = 1.5; param who: string; p(rate, who);';
    const { facts, params } = programOf(text, {
      params: new Map<string, number | string>([
        ['rate', 2],
        ['who', 'x'],
      ]),
    });
    expect(facts[0]!.row).toEqual([{ kind: 'float', value: 2 }, 'x']);
    expect(params.map((p) => p.name)).toEqual(['rate', 'who']);
    expect(codesOf(text)).toEqual(['TRL0207']);
    expect(codesOf(text, { params: new Map([['who', 3]]) })).toEqual(['TRL0324']);
  });

  it('checks an override against the type of the default where none is declared', () => {
    expect(codesOf('param n = 3; p(n);', { params: new Map([['n', 'x']]) })).toEqual(['TRL0324']);
    expect(programOf('param n = 3; p(n);', { params: new Map([['n', 4]]) }).facts[0]!.row).toEqual([
      4,
    ]);
  });

  it('reads what is set as the type of the param wants it', () => {
    const text = `param every = 200ms;
param pair = (1, "a");
param ids = {0};
param none: set<int>;
param key: bytes;
param deep: map<string, set<int>>;
param like = null;
p(every, pair, ids, none, key, deep, like);`;
    const params = new Map<string, Value>([
      ['every', '2m'],
      ['pair', list([7, 'b'])],
      ['ids', list([3, 3, 1])],
      ['none', map([])],
      ['key', '00Ff'],
      ['deep', map([['x', list([2])]])],
      ['like', 'tea'],
    ]);
    expect(programOf(text, { params }).facts[0]!.row).toEqual([
      120_000,
      tuple([7, 'b']),
      set([1, 3]),
      set([]),
      bytes('00ff'),
      map([['x', set([2])]]),
      'tea',
    ]);
    const wrong = new Map<string, Value>([
      ...params,
      ['every', '2 m'],
      ['pair', list([7])],
      ['none', map([['x', 1]])],
      ['key', '0xf'],
      ['ids', list(['3x'])],
    ]);
    expect(codesOf(text, { params: wrong })).toEqual(Array.from({ length: 5 }, () => 'TRL0324'));
  });

  it('takes plain values for constants of lattice types, written and set', () => {
    const text = `param seen: lset<int> = {1};
param most: lmax<int> = 3;
const parts: lmap<string, lmin<int>> = {"x": 1};
const pair: (lbool, lset<int>) = (true, {});
table t(k: int => a: lset<int>, b: lmax<int>, c: lmap<string, lmin<int>>, d: (lbool, lset<int>));
t(0, seen, most, parts, pair);`;
    const texts = (params: ReadonlyMap<string, Value>): readonly string[] =>
      programOf(text, { params }).facts[0]!.row.map(valueText);
    const fixed = ['lmap({"x": lmin(1)})', '(lbool(true), lset({}))'];
    expect(texts(new Map())).toEqual(['0', 'lset({1})', 'lmax(3)', ...fixed]);
    const params = new Map<string, Value>([
      ['seen', list([4, 5])],
      ['most', 9],
    ]);
    expect(texts(params)).toEqual(['0', 'lset({4, 5})', 'lmax(9)', ...fixed]);
    expect(codesOf(text, { params: new Map([['seen', 'x']]) })).toEqual(['TRL0324']);
    expect(codesOf('const most: lmax<int> = "a"; table t(x: int); t(1);')).toContain('TRL0324');
  });

  it('suggests a param near an unknown one, and refuses to set a const', () => {
    const settings = { params: new Map([['retires', 1]]) };
    const [unknown] = checkText('param retries = 1;', settings).diagnostics;
    expect(unknown).toMatchObject({ code: 'TRL0206', help: 'did you mean `retries`?' });
    expect(unknown!.primary).toBeUndefined();
    expect(codesOf('const retires = 1;', settings)).toEqual(['TRL0206']);
  });

  it('says of a param of an instance where it is set', () => {
    const text = 'module A { param n = 3; view o(x: int); o(n) :- boot(_); }\nuse A as a;';
    const [found] = checkText(text, { params: new Map([['a.n', 5]]) }).diagnostics;
    expect(found).toMatchObject({
      code: 'TRL0206',
      message: '`a.n` cannot be set from outside: it is inside the instance `a`',
      help: expect.stringContaining('`use ... as a (n = ...)`'),
    });
  });

  it('reports a setting of a wrong type once, and no constants that use it', () => {
    const text = 'param b = 1;\nconst m = b + 1;\nconst n = abs(m);\np(m, n);';
    expect(codesOf(text, { params: new Map([['b', 'x']]) })).toEqual(['TRL0324']);
    expect(codesOf('const b: int = "x"; const m = b + 1; p(m);')).toEqual(['TRL0324']);
  });

  it('advises an aggregate where one is called like a function', () => {
    const [found] = checkText('input e(x: int); view v(y: int); v(sum(y)) :- e(y);').diagnostics;
    expect(found).toMatchObject({
      code: 'TRL0202',
      help: '`sum` is an aggregate: write `sum<...>` as a whole argument of a head',
    });
  });

  it('reports a cycle once, and no follow-ups', () => {
    holds(`
const a = b + 1;
      ^ TRL0208 the value of \`a\` depends on itself: a -> b -> a
const b = a + 1;
p(a, b);
q(x) :- p(x, b), x > a;
`);
  });

  it('warns where a constant stands as a variable would, and only there', () => {
    holds(`
const n = 3;
input ask(id: int);
output got(id: int);
got(n) :- ask(n);
              ^ TRL0209 \`n\` is the constant 3 here
got(x) :- ask(x), ask(n);
got(x) :- ask(x), x < n;
`);
  });
});

describe('names of rules', () => {
  it('count the rules of the first head, labelled ones too, then the facts', () => {
    const { rules, facts } = programOf(`
      p(0);
      p(x) :- q(x);
      lab: p(x) :- q(x);
      a(x), p(x) :- q(x);
      p(x) :- q(x);
      q(1); q(2);
      a(x) :- q(x);`);
    expect(rules.map((r) => r.name)).toEqual(['p#1', 'lab', 'a#1', 'a#1', 'p#3', 'a#2']);
    expect(facts.map((f) => f.name)).toEqual(['p#4', 'q#1', 'q#2']);
    expect(rules.map((r) => r.id)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(rules[2]!.bodies[0]).toBe(rules[3]!.bodies[0]);
  });
});
