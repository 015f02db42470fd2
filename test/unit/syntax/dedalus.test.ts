/** The text of the Dedalus dialect: what is read, what is refused and where, and printing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { parseDedalus } from '../../../src/syntax/parse-dedalus.js';
import { printDedalus } from '../../../src/syntax/print-dedalus.js';

const parse = (text: string): ReturnType<typeof parseDedalus> =>
  parseDedalus({ path: 'test.ded', text });

function marked({ primary }: Diagnostic): string {
  const { file, start, end } = primary!.span;
  return file.text.slice(start, end);
}

/** The tree without spans. */
function shape(text: string): unknown {
  const { value, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  return JSON.parse(
    JSON.stringify(value.statements, (key, each: unknown) =>
      key === 'span' || key === 'text' ? undefined : each,
    ),
  );
}

describe('what is read', () => {
  it.each([
    'begin("C", "x")@1;',
    'peer("a", "b");',
    "p('a', 'say \"x\"')@12;",
    'p("it\'s", -3)@1;',
    'p(x, y)@next :- q(x, _), notin r(x, y)@3, y >= 2;',
    'p(m, n)@async :- q(n, m), n != m;',
    'p(n, count<x>, max<y>) :- q(n, x, y);',
    'p(n, sum<x + 1>)@next :- q(n, x);',
    'p(n, count<*>) :- q(n, _);',
    'p(n, (x + y) * 2 - -z / 3 % 2) :- q(n, x, y, z), x <= y * 2;',
    'log.v1?(n.o, ?x) :- in(n.o, ?x), true == false;',
    '2pc(n) :- q(n);',
    'p(n, z) :- q(n, x), z = x + 1;',
    'include "./other.ded";',
    'table kv(at: addr, key: string => value: int);',
    'output seen(at, what);',
    'done() :- p();',
  ])('%s', (text) => {
    expect(parse(text).diagnostics).toEqual([]);
    const printed = printDedalus(parse(text).value);
    expect(shape(printed)).toEqual(shape(text));
    expect(printDedalus(parse(printed).value)).toBe(printed);
  });

  it('takes comments of both kinds, and layout as it comes', () => {
    const text = '// one\np("a")@1; /* two\n q("b")@1; */ r(x)\n  :- p(x), // three\n  q(x)\n;';
    expect(parse(text).value.statements).toHaveLength(2);
  });

  it('binds operators as everywhere else', () => {
    expect(shape('p(n, a + b * c) :- q(n, a, b, c);')).toEqual(
      shape('p(n, (a + (b * c))) :- q(n, a, b, c);'),
    );
    expect(shape('p(n, a - b - c) :- q(n, a, b, c);')).toEqual(
      shape('p(n, (a - b) - c) :- q(n, a, b, c);'),
    );
    expect(shape('p(n) :- q(n, a), a > 4 / 2;')).toEqual(shape('p(n) :- q(n, a), a > (4 / 2);'));
  });

  it('keeps a string as it stands', () => {
    const [fact] = parse('p("a\\n\\"); q("b");').value.statements;
    expect(fact).toMatchObject({ head: { arguments: [{ term: { value: 'a\\n\\' } }] } });
  });

  it('reads whatever it prints', () => {
    const word = fc.constantFrom('x', 'Node', 'in', 'a.b', 'ok?', 'true', 'next');
    const text = fc.constantFrom('"a"', "'b c'", '"\\"', '3', '-4');
    const term = fc.oneof(
      word,
      text,
      fc.tuple(word, word).map(([a, b]) => `${a} + ${b} * 2`),
    );
    const literal = fc
      .tuple(
        fc.boolean(),
        word,
        fc.array(term, { maxLength: 3 }),
        fc.option(fc.integer({ min: 1, max: 9 })),
      )
      .map(
        ([not, name, terms, at]) =>
          `${not ? 'notin ' : ''}${name}(${terms.join(', ')})${at === null ? '' : `@${at}`}`,
      );
    const rule = fc
      .tuple(
        word,
        fc.array(term, { maxLength: 3 }),
        fc.constantFrom('', '@next', '@async'),
        fc.array(literal, { minLength: 1, maxLength: 4 }),
      )
      .map(
        ([name, terms, time, body]) => `${name}(${terms.join(', ')})${time} :- ${body.join(', ')};`,
      );
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), (rules) => {
        const source = rules.join('\n');
        expect(shape(printDedalus(parse(source).value))).toEqual(shape(source));
      }),
      { numRuns: 100 },
    );
  });
});

describe('what is refused', () => {
  it.each([
    ['p(x)@3 :- q(x);', 'TRL0162', 'p(x)@3'],
    ['p("a")@next;', 'TRL0162', 'p("a")@next'],
    ['p("a")@0;', 'TRL0163', '@0'],
    ['p("a")@soon;', 'TRL0163', '@soon'],
    ['p(x) :- q(x)@next;', 'TRL0163', '@next'],
    ['channel p(@to, x);', 'TRL0160', 'channel'],
    ['upsert p(x) :- q(x);', 'TRL0160', 'upsert'],
    ['const k = 3;', 'TRL0160', 'const'],
    ['import "x.bloom";', 'TRL0160', 'import'],
    ['win: p(x) :- q(x);', 'TRL0160', 'win'],
    ['p("a"@1;', 'TRL0109', '@'],
    ['p(x) :- q(x) r(x);', 'TRL0109', 'r'],
    ['p(x) :- q(x), not r(x);', 'TRL0117', 'not'],
    ['p(x) :- q(x), x <> 2;', 'TRL0109', '<>'],
    ['p(x) :- ;', 'TRL0110', '-'],
    ['p(x) :- a < b < c;', 'TRL0114', 'a < b'],
    ['p("a)@1;', 'TRL0103', '"a)@1;'],
    ['p(§);', 'TRL0102', '§'],
    ['p(99999999999999999999)@1;', 'TRL0107', '99999999999999999999'],
    ['/* p("a")@1;', 'TRL0104', '/*'],
    ['p("\0")@1;', 'TRL0101', '\0'],
  ])('%s', (text, code, place) => {
    const { diagnostics } = parse(text);
    expect(diagnostics.map((d) => [d.code, marked(d)])[0]).toEqual([code, place]);
    expect(diagnostics[0]!.help).toMatch(/\w/);
  });

  it('a missing semicolon, once, and reads on', () => {
    const { value, diagnostics } = parse('p("a")@1\nq(x) :- p(x);');
    expect(diagnostics.map(({ code }) => code)).toEqual(['TRL0111']);
    expect(value.statements).toHaveLength(2);
  });

  it('one statement without spoiling the others', () => {
    const { value, diagnostics } = parse('p("a")@1;\nq(x) := p(x);\nr(x) :- p(x);\ns(;\nt("b")@2;');
    expect(
      diagnostics.map(
        (d) => d.primary!.span.file.text.slice(0, d.primary!.span.start).split('\n').length,
      ),
    ).toEqual([2, 4]);
    expect(value.statements).toHaveLength(3);
  });

  it.each([
    ['parentheses', `p(n, ${'('.repeat(100_000)}1${')'.repeat(100_000)}) :- q(n);`],
    ['minus signs', `p(n, ${'-'.repeat(100_000)}x) :- q(n, x);`],
    ['sums', `p(n, ${'1 + '.repeat(100_000)}1) :- q(n);`],
  ])('endless %s', (_, text) => {
    expect(parse(text).diagnostics.map(({ code }) => code)).toEqual(['TRL0113']);
  });

  it('any text without throwing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parse(text);
        parse(`p("a")@1; ${text}; q(x) :- p(x);`);
      }),
    );
  });
});
