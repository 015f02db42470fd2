import { describe, expect, it } from 'vitest';
import { checkModule } from '../../../src/semantics/check-module.js';
import { parseModule } from '../../../src/syntax/parse.js';
import { checkText, programOf } from '../../support/check-fixture.js';

const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

/** Hundreds of milliseconds on an idle machine; anything quadratic takes minutes. */
const quick: unknown = expect.toSatisfy((ms: number) => ms < 4000);

/** Milliseconds of the checker alone. */
function checkTime(text: string): { ms: number; errors: number } {
  const parsed = parseModule({ path: 'test.bloom', text });
  expect(parsed.diagnostics).toEqual([]);
  const start = performance.now();
  const { diagnostics } = checkModule(parsed.value, { params: new Map(), observe: null });
  return { ms: performance.now() - start, errors: diagnostics.length };
}

describe('large programs', () => {
  it('of 2,000 rules are checked without delay', () => {
    const text = lines(
      2000,
      (i) => `r${i}(x, y) :- r${(i + 1) % 2001}(x, z), e(z, y), x != ${i}, notin f(x, y);`,
    );
    expect(checkTime(`e(1, 2); f(3, 4); r2000(1, 2);\n${text}`)).toMatchObject({
      errors: 0,
      ms: quick,
    });
  });

  it('whose types must travel backward through every rule do so in linear time', () => {
    const text = lines(2000, (i) => `r${i + 1}(x) :- r${i}(x);`);
    expect(checkTime(`input r0; table t(x: bytes); ${text} t(x) :- r2000(x);`)).toMatchObject({
      errors: 0,
      ms: quick,
    });
    expect(
      programOf(`input r0; table t(x: bytes); ${text} t(x) :- r2000(x);`).relations.get('r0')!
        .columns[0]!.type.kind,
    ).toBe('bytes');
  });

  it('in one strong component are checked in linear time', () => {
    const text = lines(2000, (i) => `r${(i + 1) % 2000}(x) :- r${i}(x);`);
    expect(checkTime(`r0(1); ${text}`)).toMatchObject({ errors: 0, ms: quick });
  });
});

describe('bad programs', () => {
  it('with 10,000 errors report every one, in reasonable time', () => {
    const text = lines(10_000, (i) => `o(x) :- unknown_relation_${i}(x), y > ${i};`);
    const { ms, errors } = checkTime(text);
    expect(errors).toBe(20_000);
    expect(ms).toBeLessThan(10_000);
  });

  it('are reported in the order of the text', () => {
    const starts = checkText('o(z) :- a(x);\ntable t(x: strin);\no(w) :- b(x);').diagnostics.map(
      (d) => d.primary!.span.start,
    );
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(starts.length).toBe(5);
  });

  it('with errors have no program', () => {
    expect(checkText('o(x) :- a(x);').program).toBeNull();
    expect(checkText('').program).not.toBeNull();
  });
});

describe('long and deep rules', () => {
  it('of 1,000 literals in the worst order are ordered', () => {
    const chain = Array.from({ length: 1000 }, (_, i) => `x${999 - i + 1} = x${999 - i} + 1`).join(
      ', ',
    );
    const { rules } = programOf(`input e(x: int); o(x1000) :- ${chain}, e(x0);`);
    expect(rules[0]!.bodies[0]!.literals).toHaveLength(1001);
    expect(rules[0]!.bodies[0]!.literals[0]!.kind).toBe('atom');
  });

  it('survive expressions as deep as the parser allows', () => {
    let [low, high] = [1, 100_000];
    const nested = (depth: number): string =>
      `input e(x: int); o(${'-('.repeat(depth)}x${')'.repeat(depth)}) :- e(x);`;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (parseModule({ path: 'deep.bloom', text: nested(middle) }).diagnostics.length === 0)
        low = middle;
      else high = middle - 1;
    }
    expect(low).toBeGreaterThan(50);
    expect(programOf(nested(low)).rules).toHaveLength(1);
  });

  it('survive long chains of one operator', () => {
    const chain = Array.from({ length: 400 }, () => 'x').join(' + ');
    const parsed = parseModule({
      path: 'chain.bloom',
      text: `input e(x: int); o(${chain}) :- e(x);`,
    });
    if (parsed.diagnostics.length === 0)
      expect(programOf(`input e(x: int); o(${chain}) :- e(x);`).rules).toHaveLength(1);
  });
});
