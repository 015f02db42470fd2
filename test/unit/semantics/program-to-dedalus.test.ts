/** Programs printed in the Dedalus dialect: what each construct becomes, and what has no words there. */
import { describe, expect, it } from 'vitest';
import { programToDedalus } from '../../../src/semantics/program-to-dedalus.js';
import { printDedalus } from '../../../src/syntax/print-dedalus.js';
import { programOf } from '../../support/check-fixture.js';

function lines(source: string, nodes: readonly string[] | null = ['a']): readonly string[] {
  const { value, diagnostics } = programToDedalus(programOf(source), nodes);
  expect(diagnostics).toEqual([]);
  return printDedalus(value!).trimEnd().split('\n');
}

function complaints(source: string): readonly string[] {
  const { value, diagnostics } = programToDedalus(programOf(source), null);
  const isPrinted = diagnostics.every(({ severity }) => severity === 'warning');
  expect(value !== null).toBe(isPrinted);
  return diagnostics.map(({ code, message, primary }) => {
    expect(primary).toBeDefined();
    return `${code} ${message}`;
  });
}

describe('what becomes of', () => {
  it('tables, deletes and upserts', () => {
    expect(
      lines(
        'input i(x: int, y: int); table t(x: int => y: int); table h(x: int, y: int); upsert t(x, y) :- i(x, y); delete h(_, y) :- i(_, y); delete h(x, y) :- i(x, y); h(x, y)@next :- i(x, y);',
      ).slice(2),
    ).toEqual([
      't(node, x, y)@next :- t(node, x, y), notin t.replaced(node, x, _);',
      't(node, x, y)@next :- t.replaced(node, x, y);',
      'h(node, x, y)@next :- h(node, x, y), notin h.deleted(node, y), notin h.deleted2(node, x, y);',
      't.replaced(node, x, y) :- i(node, x, y);',
      'h.deleted(node, y) :- i(node, _, y);',
      'h.deleted2(node, x, y) :- i(node, x, y);',
      'h(node, x, y)@next :- i(node, x, y);',
    ]);
  });

  it('facts: at every node, at the one named, always or from time 1 on', () => {
    const source =
      'static s(x: int); s(1); table t(x: int); t(2); table u(x: int, @at: addr); u(3, "b");';
    expect(lines(source, ['a', 'b']).slice(0, 5)).toEqual([
      's("a", 1);',
      's("b", 1);',
      't("a", 2)@1;',
      't("b", 2)@1;',
      'u("b", 3)@1;',
    ]);
    expect(lines(source, null).slice(0, 2)).toEqual(['s("b", 1);', 't("b", 2)@1;']);
  });

  it('the node and its peers', () => {
    expect(
      lines(
        'input i(x: int); scratch p(n: addr, x: int); p(n, x) :- i(x), cluster(n), !self(n); p(n, 1) :- self(n);',
        ['a', 'b'],
      ).slice(1),
    ).toEqual([
      'cluster("a", "a");',
      'cluster("a", "b");',
      'cluster("b", "a");',
      'cluster("b", "b");',
      'here("a");',
      'here("b");',
      'p(node, n, x) :- i(node, x), cluster(node, n), n != node;',
      'p(n, n, 1) :- here(n);',
    ]);
  });

  it('messages: of an event as it is, of what stands once', () => {
    expect(
      lines(
        'input i(m: addr, x: int); table t(m: addr, x: int); channel c(x: int, @to: addr); t(m, x) :- i(m, x); c(x, m)@async :- i(m, x); c(x, m)@async :- t(m, x); c(count<x>, m)@async :- i(m, x);',
      ).slice(3),
    ).toEqual([
      'c(m, x)@async :- i(node, m, x);',
      'c.due(node, m, x) :- t(node, m, x);',
      'c.sent(node, c1, c2)@next :- c.due(node, c1, c2);',
      'c(c1, c2)@async :- c.due(node, c1, c2), notin c.sent(node, c1, c2);',
      'c.due2(node, m, count<x>) :- i(node, m, x);',
      'c(c1, c2)@async :- c.due2(node, c1, c2);',
    ]);
  });

  it('conditions and alternatives', () => {
    expect(
      lines(
        'input i(x: int, y: int); view v(x: int, n: int); v(x, count<y>) :- i(x, y), x > 1 && !(y == 2) | i(y, x), x % 2 == -1; view w(x: int); w(x) :- i(x, _) | i(_, x);',
      ).slice(3),
    ).toEqual([
      'v.any(node, x, y) :- i(node, x, y), x > 1, y != 2;',
      'v.any(node, x, y) :- i(node, y, x), x % 2 == -1;',
      'v(node, x, count<y>) :- v.any(node, x, y);',
      'w(node, x) :- i(node, x, _);',
      'w(node, x) :- i(node, _, x);',
    ]);
  });

  it('names that mean something there, or that helpers would take', () => {
    expect(
      lines(
        'input post(x: int); table crash(x: int); table node(node: int); crash(x) :- post(x); node(x) :- crash(x);',
      ),
    ).toEqual([
      'input post_(@node: addr, x: int);',
      'crash_(node, x)@next :- crash_(node, x);',
      'node(node_, node)@next :- node(node_, node);',
      'crash_(node, x) :- post_(node, x);',
      'node(node, x) :- crash_(node, x);',
    ]);
  });
});

describe('what the dialect has no words for', () => {
  it.each([
    ['periodic p(1s); output o(n: int); o(n) :- p(_, n);', 'has no timers: `p`'],
    [
      'table t(n: int) partition by (n); output o(n: int); o(n) :- t(n);',
      'has no cluster-wide relations: `t`',
    ],
    ['input i(x: int); lattice m: lmax<int>; m(x) :- i(x);', 'has no lattices: `m`'],
    ['output o(x: string); o(x) :- stdin(x);', 'has nothing like `stdin`'],
    ['input i(x: string); output o(x: int); o(size(x)) :- i(x);', 'has no function `size`'],
    ['input i(x: string); output o(x: string); o(x ++ "!") :- i(x);', 'has no `++`'],
    [
      'input i(x: int); output o(x: int); o(if x > 1 then x else 1) :- i(x);',
      'has no `if` and no `||`',
    ],
    ['input i(x: int); output o(x: int); o(x) :- i(x), x in [1, 2];', 'has no membership'],
    ['input i(x: (int, int)); output o(x: int); o(x) :- i(p), (x, _) = p;', 'has no patterns'],
    ['input i(x: int); output o(x: (int, int)); o((x, x)) :- i(x);', 'has no tuples as values'],
    ['table t(x: bool); t(true);', 'cannot write the value true'],
    ['table t(x: float); t(0.0000001);', 'cannot write 1.0e-7'],
    [`table t(x: string); t("'\\"");`, 'cannot write this string'],
  ])('%s', (source, what) => {
    expect(complaints(source)[0]).toBe(`TRL0262 the Dedalus dialect ${what}`);
  });

  it('is left out with a warning where it derives nothing', () => {
    expect(complaints('table t(x: int); t(1); invariant small: !(t(x), x > 2);')).toEqual([
      'TRL0263 the Dedalus dialect has no such statement: it is left out',
    ]);
  });
});
