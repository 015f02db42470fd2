import { describe, expect, it } from 'vitest';
import { checkText, codesOf } from '../../support/check-fixture.js';
import { strongComponents } from '../../../src/semantics/strong-components.js';

describe('stratification', () => {
  it('shows the cycle rule by rule, along the flow of data', () => {
    const text = `input e(x: int);
      a(x) :- e(x), notin b(x);
      lab: c(count<*>) :- a(x);
      b(x) :- c(x), e(x);`;
    const { diagnostics } = checkText(text);
    expect(diagnostics.map((d) => d.code)).toEqual(['TRL0501']);
    const [cycle] = diagnostics;
    expect(cycle!.message).toContain('b -> a -> c -> b');
    expect(cycle!.secondary!.map((label) => label.text)).toEqual([
      'rule a#1 derives `a` from the absence of `b`',
      'rule lab derives `c` from an aggregate over `a`',
      'rule b#1 derives `b` from `c`',
    ]);
    expect(text.slice(cycle!.primary!.span.start, cycle!.primary!.span.end)).toBe('notin b(x)');
  });

  it('sees a rule that negates itself, and an aggregate of itself', () => {
    expect(
      checkText('move(1, 2); win(x) :- move(x, y), notin win(y);').diagnostics[0]!.message,
    ).toContain('win -> win');
    expect(checkText('p(1); p(count<*>) :- p(x);').diagnostics[0]!.message).toContain(
      'an aggregate of itself',
    );
  });

  it('counts deductive rules only', () => {
    const table = 'table t(k: int => v: int); input e(k: int);';
    expect(codesOf(`${table} t(k, 1) :- e(k), notin t(k, _);`)).toEqual(['TRL0501']);
    expect(codesOf(`${table} t(k, 1)@next :- e(k), notin t(k, _);`)).toEqual([]);
    expect(codesOf(`${table} upsert t(k, 1) :- e(k), notin t(k, _);`)).toEqual([]);
    expect(codesOf(`${table} delete t(k, 1) :- e(k), notin t(k, _);`)).toEqual([]);
    expect(codesOf('loopback l(k: int); l(k)@async :- e(k), notin l(k); input e(k: int);')).toEqual(
      [],
    );
  });

  it('accepts positive recursion and negation of lower strata', () => {
    expect(
      codesOf(
        'e(1, 2); r(x, y) :- e(x, y); r(x, z) :- r(x, y), r(y, z); n(x) :- e(x, _), notin r(x, x); m(count<x>) :- n(x);',
      ),
    ).toEqual([]);
  });

  it('reports separate cycles separately, and a few of many', () => {
    expect(
      codesOf('b(1); p(x) :- b(x), notin q(x); q(x) :- p(x); r(x) :- b(x), notin r(x);'),
    ).toEqual(['TRL0501', 'TRL0501']);
    const rules = Array.from(
      { length: 30 },
      (_, i) => `p${i}(x) :- b(x), notin p${(i + 1) % 30}(x), notin p${(i + 7) % 30}(x);`,
    );
    const count = codesOf(`b(1); ${rules.join('\n')}`).length;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(5);
  });
});

describe('strong components', () => {
  it('are the classes of mutual reachability', () => {
    const components = strongComponents(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['a', 'd']],
        ['d', ['e']],
        ['e', ['d']],
        ['f', ['a']],
      ]),
    );
    const of = (name: string): number | undefined => components.get(name);
    expect(of('a')).toBe(of('c'));
    expect(of('a')).toBe(of('b'));
    expect(of('d')).toBe(of('e'));
    expect(new Set([of('a'), of('d'), of('f')]).size).toBe(3);
  });

  it('of a long chain do not exhaust the stack', () => {
    const chain = new Map(Array.from({ length: 50_000 }, (_, i) => [`v${i}`, [`v${i + 1}`]]));
    expect(strongComponents(chain).size).toBe(50_001);
  });
});
