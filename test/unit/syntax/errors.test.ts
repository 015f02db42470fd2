/** What is said about broken text: the code, the place it marks, and what to do. */
import { describe, expect, it } from 'vitest';

import { syntaxCodes } from '../../../src/diagnostics/codes/syntax.js';
import { marked, marks, parse } from './parse-text.js';

describe('every code', () => {
  it.each(syntaxCodes.map((entry) => [entry.code, entry] as const))(
    '%s: wrong and right',
    (code, { wrong, right }) => {
      expect(parse(wrong!).diagnostics.map((d) => d.code)).toEqual([code]);
      expect(parse(right!).diagnostics).toEqual([]);
    },
  );

  it('is given once and in order', () => {
    const codes = syntaxCodes.map((entry) => entry.code);
    expect(codes).toEqual([...new Set(codes)].sort());
  });
});

describe('habits of other languages', () => {
  it.each([
    ['p(x) <= q(x);', 'TRL0116', '<=', '`:-`'],
    ['p <= q(x);', 'TRL0116', '<=', '`:-`'],
    ['p(x) <+ q(x);', 'TRL0116', '<+', '@next'],
    ['p(x) <- q(x);', 'TRL0116', '<-', 'delete'],
    ['p(x) <~ q(x);', 'TRL0116', '<~', '@async'],
    ['p(x) := q(x);', 'TRL0116', ':=', '`:-`'],
    ['p(x) :- q(x), not r(x);', 'TRL0117', 'not', 'notin r(...)'],
    ['p(x) :- not r(x), q(x);', 'TRL0117', 'not', 'notin r(...)'],
    ['p(x) :- q(x), NOT x;', 'TRL0117', 'NOT', '`!`'],
    ['p(x) :- q(x), x <> 2;', 'TRL0109', '<>', '`!=`'],
    ['p(x) :- q(x) and r(x);', 'TRL0118', 'and', '`,`'],
    ['p(x) :- q(x) or r(x);', 'TRL0118', 'or', '`|`'],
    ['p(x) :- y = (a or b);', 'TRL0118', 'or', '`||`'],
    ['p(x) :- q(x).', 'TRL0119', '.', '`;`'],
    ['.decl edge(x: number, y: number)', 'TRL0120', '.decl', 'table'],
    ['.output path', 'TRL0120', '.output', 'output'],
    ["# don't\n", 'TRL0108', '#', '`//`'],
    ["% don't\n", 'TRL0108', '%', '`//`'],
    ['p(x) :- y = if x = 1 then 2 else 3;', 'TRL0115', '=', '`==`'],
    ['p(x) :- q(x = 1);', 'TRL0115', '=', 'p(column: term)'],
    ['p(x = 1) :- q(x);', 'TRL0115', '=', '`==`'],
    ['p(x) :- x = y = 3;', 'TRL0115', '=', '`==`'],
    ['p(x) :- x := 3;', 'TRL0115', ':=', '`x = term`'],
    [
      'p(t) :- q(t), t.plus(n: 1) > 2, (t ++ "!").starts_with(prefix: "a");',
      'TRL0142',
      'prefix',
      '.starts_with(...)',
    ],
    ['quorum = 2;', 'TRL0115', '=', 'const'],
    ['p(x) :- x => 3;', 'TRL0109', '=>', '`>=`'],
    ['p(x) :- q(x) & r(x);', 'TRL0102', '&', '`&&`'],
    ['p(“x”);', 'TRL0102', '“x”', 'straight quotes'],
    ['p(naïve);', 'TRL0102', 'naïve', 'A-Z'],
  ])('%s', (text, code, place, help) => {
    const { diagnostics } = parse(text);
    expect(diagnostics.map((d) => [d.code, marked(d)])).toEqual([[code, place]]);
    expect(diagnostics[0]!.help).toContain(help);
  });

  it('reads on behind a dot, a foreign comment and a directive', () => {
    const text =
      '.decl p(x: number)\n% facts\np(1). p(2).\n# rules\nq(x) :- p(x).\nr(x) :- q(x), x % 2 == 1.\n';
    const { value, diagnostics } = parse(text);
    expect(diagnostics.map((d) => d.code)).toEqual([
      'TRL0120',
      'TRL0108',
      'TRL0119',
      'TRL0119',
      'TRL0108',
      'TRL0119',
      'TRL0106',
    ]);
    expect(value.statements).toHaveLength(4);
  });
});

describe('mistakes', () => {
  it.each([
    ['p(x) :- a < b < c;', 'TRL0114 "<"'],
    ['p(x) :- a == b != c;', 'TRL0114 "!="'],
    ['p(x) :- x == !y;', 'TRL0124 "!"'],
    ['p(x) :- x == -!y;', 'TRL0124 "!"'],
    ['p(x :- q(x);', 'TRL0112 "("'],
    ['p(x) :- q(x));', 'TRL0112 ")"'],
    ['p([1, 2);', 'TRL0112 ")"'],
    ['p(x)@later :- q(x);', 'TRL0123 "later"'],
    ['p(x)@5 :- q(x);', 'TRL0161 "@5"'],
    ['tabel kv(k);', 'TRL0122 "tabel"'],
    ['p(x) :- q(x) r(x);', 'TRL0125 ""'],
    ['p(x y) :- q(x);', 'TRL0125 ""'],
    ['table t(a: int b: int);', 'TRL0125 ""'],
    ['p(avrage<x>) :- q(x);', 'TRL0127 "avrage"'],
    ['p(count < 3) :- q(count);', 'TRL0126 ")"'],
    ['p(min<x> + 1) :- q(x);', 'TRL0128 "min<x>"'],
    ['p((min<x>, 1)) :- q(x);', 'TRL0128 "min<x>"'],
    ['p(abs(min<x>)) :- q(x);', 'TRL0128 "min<x>"'],
    ['p(x) :- q(x), x == min<x>;', 'TRL0128 "min<x>"'],
    ['p(x) :- q(x), x == sum<a + b>, r(x);', 'TRL0128 "sum<a + b>"'],
    ['p(min<x> :- q(x);', 'TRL0112 "("'],
    ['p(min<x> x) :- q(x);', 'TRL0125 ""'],
    ['p(every<x > 1>) :- q(x);', 'TRL0126 ">"'],
    ['p(x, any<x > y>) :- q(x, y);', 'TRL0126 ">"'],
    ['p(every<x < 1>) :- q(x);', 'TRL0126 "<"'],
    ['p(x) :- q(min), x == min > 3;', 'TRL0114 ">"'],
    ['p(x) :- ;', 'TRL0110 ""'],
    ['p(x) :- q(x), ;', 'TRL0110 ""'],
    ['p', 'TRL0110 ""'],
    ['p(x, ) :- q(x);', 'TRL0109 ")"'],
    ['p(x) :- q(x) :- r(x);', 'TRL0109 ":-"'],
    ['p(x) :- 1 + if a then b else c;', 'TRL0109 "if"'],
    ['p(x) :- x = if a then b;', 'TRL0110 ""'],
    ['p(x) :- x.size > 3;', 'TRL0109 ">"'],
    ['periodic t;', 'TRL0110 ""'],
    ['const c;', 'TRL0110 ""'],
    ['p(1)', 'TRL0111 ""'],
    ['p("abc);\nq(1);', 'TRL0103 "\\"abc);"'],
    ["p('", 'TRL0103 "\'"'],
    ['/* never', 'TRL0104 "/*"'],
  ])('%s', (text, expected) => {
    expect(marks(text)).toEqual([expected]);
  });

  it('suggests the word that was meant', () => {
    expect(parse('tabel kv(k);').diagnostics[0]!.help).toBe('did you mean `table`?');
    expect(parse('Output kv(k);').diagnostics[0]!.help).toBe('did you mean `output`?');
    expect(parse('p(x)@nxt :- q(x);').diagnostics[0]!.help).toBe('did you mean `@next`?');
    expect(parse('p(summ<x>) :- q(x);').diagnostics[0]!.help).toBe('did you mean `sum`?');
  });

  it('says how comparisons, inequality and negation are written', () => {
    const help = (text: string): string => parse(text).diagnostics[0]!.help ?? '';
    expect(help('p(every<x > 1>) :- q(x);')).toContain('`every<(... > ...)>`');
    expect(help('p(every<x < 1>) :- q(x);')).toContain('`every<(...)>`');
    expect(help('p(x) :- q(x), x \\= 1;')).toContain('`!=`');
    expect(help('p(x) :- q(x), \\+ r(x);')).toContain('`notin p(...)`');
  });

  it('says where alternatives stand, and what a function may promise', () => {
    expect(parse('p(x) :- q(x), (r(x) | s(x));').diagnostics[0]!.help).toContain('whole bodies');
    const extern = 'extern function f(x: int): int from "./f.ts" pure;';
    expect(parse(extern).diagnostics[0]!.help).toContain('`monotone`');
  });

  it('shows where an unclosed bracket should have been closed', () => {
    const [{ secondary }] = parse('p(x :- q(x);').diagnostics as never as [
      { secondary: { span: { start: number } }[] },
    ];
    expect(secondary[0]!.span.start).toBe(4);
  });

  it('offers edits that mend the text', () => {
    for (const wrong of [
      'p(1)',
      'p(1).',
      'tabel t(x);',
      'a(x) :- b(x), not c(x);',
      'a(x) :- b(x) and c(x);',
      '# x\n',
      'a(x y);',
      'a(x) :- b(x == (c = 1));',
    ]) {
      const [diagnostic] = parse(wrong).diagnostics;
      const { span, text } = diagnostic!.fixes![0]!.edits[0]!;
      const mended = wrong.slice(0, span.start) + text + wrong.slice(span.end);
      expect([mended, parse(mended).diagnostics]).toEqual([mended, []]);
    }
  });
});

describe('recovery', () => {
  it('tells every broken statement once and keeps the others', () => {
    const text = 'a(1);\nb(;\nc(1);\nd(x) :- e(x) f(x), g(;\nh(1);\n)};\ni(1);';
    const { value, diagnostics } = parse(text);
    expect(diagnostics.map((d) => d.code)).toEqual(['TRL0112', 'TRL0112', 'TRL0112']);
    expect(value.statements.map((s) => s.kind === 'clause' && s.heads[0]!.relation.text)).toEqual([
      'a',
      'c',
      'h',
      'i',
    ]);
  });

  it('reads both sides of a missing semicolon, which a deeper line does not show', () => {
    expect(marks('a(1)\nb(2)\ntable c(x)\nd(3);')).toEqual([
      'TRL0111 ""',
      'TRL0111 ""',
      'TRL0111 ""',
    ]);
    expect(parse('a(1)\nb(2)\ntable c(x)\nd(3);').value.statements).toHaveLength(4);
    expect(marks('a(x) :- b(x)\n    c(x);')).toEqual(['TRL0125 ""']);
  });

  it('goes on in the line behind an unclosed string or comment', () => {
    expect(parse('a("x);\nb(1);\n/* c\nd(1);').value.statements).toHaveLength(2);
  });

  it('ignores empty statements', () => {
    expect(parse(';;a(1);;').diagnostics).toEqual([]);
  });
});
