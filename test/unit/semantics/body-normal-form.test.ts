import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Body } from '../../../src/semantics/program.js';
import { codesOf, printed, programOf } from '../../support/check-fixture.js';

const declarations =
  'input e(x: int, y: int); input p(xy: (int, int)); input l(xs: list<int>); input w(t: string); table t(x: int, y: int);\n';

/** The rules of a program as the printer shows them, without declarations. */
function normalForm(rules: string): string {
  return printed(programOf(declarations + rules))
    .split('\n')
    .filter((line) => !/^(input|table|scratch)/.test(line))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function firstBody(text: string): Body {
  return programOf(declarations + text).rules[0]!.bodies[0]!;
}

describe('arguments of positive atoms', () => {
  it('that are expressions become tests after the atom', () => {
    expect(normalForm('o(x) :- e(x, x + 1);')).toBe('o(x) :- e(x, __1), __1 == x + 1;');
    expect(normalForm('o(x) :- e(y + 1, x), e(x, y);')).toBe(
      'o(x) :- e(__1, x), e(x, y), __1 == y + 1;',
    );
  });

  it('that are closed become constants', () => {
    expect(normalForm('const k = 2; o(x) :- e(x, k * 3 - 7), p((1, k));')).toBe(
      'o(x) :- e(x, -1), p((1, 2));',
    );
  });

  it('that are tuples or lists of variables become patterns', () => {
    expect(normalForm('o(x) :- p((x, _));')).toBe('o(x) :- p(__1), (x, _) = __1;');
    expect(normalForm('o(x) :- l([x, 2, x + 1]);')).toBe(
      'o(x) :- l(__1), [x, 2, __2] = __1, __2 == x + 1;',
    );
  });
});

describe('arguments of negations', () => {
  it('are computed first', () => {
    expect(normalForm('o(x) :- e(x, _), notin t(x + 1, _);')).toBe(
      'o(x) :- e(x, _), __1 = x + 1, notin t(__1, _);',
    );
    expect(normalForm('o(x) :- !p((x, x)), e(x, _);')).toBe(
      'o(x) :- e(x, _), __1 = (x, x), notin p(__1);',
    );
  });
});

describe('bindings', () => {
  it('bind what no atom binds, and test otherwise', () => {
    expect(normalForm('o(z) :- z = x + 1, e(x, _);')).toBe('o(z) :- e(x, _), z = x + 1;');
    expect(normalForm('o(y) :- y = x + 1, e(x, y);')).toBe('o(y) :- e(x, y), y == x + 1;');
    expect(normalForm('o(z) :- x = z, e(x, _);')).toBe('o(z) :- e(x, _), z = x;');
    expect(normalForm('o(x) :- e(x, y), x = y;')).toBe('o(x) :- e(x, y), x == y;');
    expect(normalForm('o(z) :- e(x, _), 3 = z, x + 1 = z;')).toBe(
      'o(z) :- e(x, _), z = 3, z = x + 1;',
    );
  });

  it('come in an order in which inputs are bound', () => {
    expect(normalForm('o(a) :- a = b + 1, b = c + 1, c in xs, a < 9, l(xs);')).toBe(
      'o(a) :- l(xs), c in xs, b = c + 1, a = b + 1, a < 9;',
    );
  });
});

describe('two bindings of one variable', () => {
  it('mean the same value, whichever comes first', () => {
    const any = 'table a(x: any); table b(x: any); ';
    const body = programOf(`${any} o(z) :- a(x), b(y), z = x, z = y;`).rules[0]!.bodies[0]!;
    expect(body.literals[3]).toMatchObject({
      kind: 'match',
      pattern: { kind: 'variable', name: 'z' },
    });
    expect(codesOf('table f(x: float); o(z) :- f(x), z = 1, z = x;')).toEqual(['TRL0311']);
    expect(codesOf('table f(x: float); o(z) :- f(x), z = x, z = 1;')).toEqual(['TRL0311']);
  });

  it('are comparisons where atoms bind, wherever they stand', () => {
    const table = 'table f(x: float, i: int); ';
    for (const literals of [
      'f(x, i), x = i',
      'x = i, f(x, i)',
      'x = i, f(x, _), f(_, i)',
      'f(x, _), x = i, f(_, i)',
    ]) {
      const { literals: ordered } = programOf(`${table} o(x) :- ${literals};`).rules[0]!.bodies[0]!;
      expect(ordered.at(-1)).toMatchObject({ kind: 'condition', term: { function: '==' } });
    }
    expect(codesOf(`${table} o(x) :- f(x, _), x = 1;`)).toEqual([]);
  });
});

describe('conditions', () => {
  it('with && and || are conditionals, which evaluate only what they need', () => {
    expect(normalForm('o(x) :- e(x, y), x > 1 && y > 1 || x == y;')).toBe(
      'o(x) :- e(x, y), if if x > 1 then y > 1 else false then true else x == y;',
    );
  });
});

describe('made-up names', () => {
  it('avoid the names of the program', () => {
    expect(normalForm('o(__1) :- e(__1, __1 + 1), p((__2, _));')).toBe(
      'o(__1) :- e(__1, __3), __3 == __1 + 1, p(__4), (__2, _) = __4;',
    );
  });
});

describe('the order of a body', () => {
  it('does not change which variables are bound, tested or typed', () => {
    const literals = [
      'e(x, y)',
      'z = y + 1',
      'notin t(z, x)',
      'l(xs)',
      'v in xs',
      '(a, b) = q',
      'p(q)',
      'x = y',
      'x != v',
      'w = v * b',
      'w != 7',
      'z notin xs',
    ];
    const summary = (body: Body): string =>
      JSON.stringify(
        body.literals
          .map((l) =>
            JSON.stringify(l, (key, value: unknown) => (key === 'span' ? undefined : value)),
          )
          .sort(),
      );
    const expected = summary(firstBody(`o(x, w) :- ${literals.join(', ')};`));
    fc.assert(
      fc.property(fc.shuffledSubarray(literals, { minLength: literals.length }), (shuffled) => {
        expect(summary(firstBody(`o(x, w) :- ${shuffled.join(', ')};`))).toBe(expected);
      }),
      { numRuns: 100 },
    );
  });
});
