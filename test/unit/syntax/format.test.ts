/**
 * What formatted text looks like. That formatting keeps the tree and the comments and is
 * idempotent, test/property/format.test.ts proves over random text.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { formatSource } from '../../../src/syntax/format.js';
import { repositoryRoot } from '../../support/trellis-command.js';

function format(text: string): string {
  const { value, diagnostics } = formatSource({ path: 'test.bloom', text });
  expect(diagnostics).toEqual([]);
  return value!;
}

function expectLines(text: string, ...lines: readonly string[]): void {
  expect(format(text).split('\n')).toEqual([...lines, '']);
  expect(format(format(text))).toBe(format(text));
}

describe('in one line', () => {
  it.each([
    [
      'table kv(key:string=>value:map<string,list<int>>) ;',
      'table kv(key: string => value: map<string, list<int>>);',
    ],
    ['channel c( @ to : addr , x:int );', 'channel c(@to: addr, x: int);'],
    ['periodic tick(list<x||2s);', 'periodic tick(list < x || 2s);'],
    ['invariant few:!(n(count),count<3);', 'invariant few: !(n(count), count < 3);'],
    ['seal n on (x) when n(min<2);', 'seal n on (x) when n(min < 2);'],
    ['durable  table t( => v:int);', 'durable table t(=> v: int);'],
    [
      'win :grant ( s,min< i + 1 >,count<*> ):-ask(i,s),notin sold (s,_);',
      'win: grant(s, min<i + 1>, count<*>) :- ask(i, s), notin sold(s, _);',
    ],
    ['p(x)@ next,upsert q(x) @async:-r(x)|s(x);', 'p(x)@next, upsert q(x)@async :- r(x) | s(x);'],
    [
      'p(- x,! y,a- -b,-5,(x,),{:},{},{k:-1}):-q;',
      'p(-x, !y, a - -b, -5, (x,), {:}, {}, {k: -1}) :- q;',
    ],
    [
      'p(x . f (1) . g( )):-x in[1,2],(k,v)in m,x notin s,y=if a<b then 1 else 2;',
      'p(x.f(1).g()) :- x in [1, 2], (k, v) in m, x notin s, y = if a < b then 1 else 2;',
    ],
    ['p((min<c)) :- min < c;', 'p((min < c)) :- min < c;'],
    ['const c:set<int>={1};', 'const c: set<int> = {1};'],
    [
      'seal action on(session)from client(c)when done(session);',
      'seal action on (session) from client(c) when done(session);',
    ],
    ['assume win"losing is harmless";', 'assume win "losing is harmless";'],
    ['coordinate seat order(seat);', 'coordinate seat order (seat);'],
    ['invariant one:!(d(v)@n1,d(w)@n2,v!=w);', 'invariant one: !(d(v)@n1, d(w)@n2, v != w);'],
    ['import"./delivery.bloom";', 'import "./delivery.bloom";'],
    ['use R as rd(every=50ms);', 'use R as rd (every = 50ms);'],
    [
      'extern function h(x:list<int>):int from"./h.ts"monotone;',
      'extern function h(x: list<int>): int from "./h.ts" monotone;',
    ],
  ])('%s', (text, formatted) => {
    expect(format(text)).toBe(`${formatted}\n`);
  });
});

describe('over several lines', () => {
  const long = 'a_rather_long_relation_name';

  it('a body: one literal a line', () => {
    expectLines(
      `p(x) :- ${long}(x), ${long}(x), x = 1, ${long}(x);`,
      'p(x) :-',
      `    ${long}(x),`,
      `    ${long}(x),`,
      '    x = 1,',
      `    ${long}(x);`,
    );
  });

  it('alternatives: one a line, and literals of one that does not fit', () => {
    expectLines(
      `p(x) :- q(x), r(x) | ${long}(x), ${long}(x) | ${long}(x, 1), ${long}(x, 2), ${long}(x, 3), s(x);`,
      'p(x) :-',
      '    q(x), r(x)',
      `  | ${long}(x), ${long}(x)`,
      `  | ${long}(x, 1),`,
      `    ${long}(x, 2),`,
      `    ${long}(x, 3),`,
      '    s(x);',
    );
  });

  it('columns, with the arrow behind the last of the key', () => {
    expectLines(
      `table ${long}(first: string, second: string => third: string, fourth: string, fifth: int);`,
      `table ${long}(`,
      '    first: string,',
      '    second: string =>',
      '    third: string,',
      '    fourth: string,',
      '    fifth: int',
      ');',
    );
  });

  it('heads', () => {
    expectLines(
      `${long}(x, y), ${long}(x, y)@next, upsert ${long}(x, y) :- q(x, y), r(x, y);`,
      `${long}(x, y),`,
      `    ${long}(x, y)@next,`,
      `    upsert ${long}(x, y) :-`,
      '    q(x, y),',
      '    r(x, y);',
    );
  });

  it('a term: at its loosest operators; an `if`: a choice a line', () => {
    const text = `"${'x'.repeat(45)}"`;
    expectLines(
      `const c = ${text} ++ ${text} ++ f(1);`,
      'const c =',
      `    ${text}`,
      `        ++ ${text}`,
      '        ++ f(1);',
    );
    expectLines(
      `p(y) :- r(x), y = if x > 1 then ${text} else if x > 0 then ${text} else "nothing";`,
      'p(y) :-',
      '    r(x),',
      '    y =',
      `        if x > 1 then ${text}`,
      `        else if x > 0 then ${text}`,
      '        else "nothing";',
    );
  });

  it('a list of constants is filled', () => {
    const numbers = Array.from({ length: 40 }, (_, n) => n);
    expectLines(
      `const c = ${JSON.stringify(numbers)};`,
      'const c = [',
      `    ${numbers.slice(0, 26).join(', ')},`,
      `    ${numbers.slice(26).join(', ')}`,
      '];',
    );
  });

  it('100 columns fit, 101 do not', () => {
    const fits = `p(x) :- ${'q'.repeat(85)}(x), r;`;
    expect(format(fits)).toBe(`${fits}\n`);
    expect(fits).toHaveLength(100);
    expectLines(
      `p(x) :- ${'q'.repeat(86)}(x), r;`,
      'p(x) :-',
      `    ${'q'.repeat(86)}(x),`,
      '    r;',
    );
  });
});

describe('comments and empty lines', () => {
  it('stay where they are', () => {
    expectLines(
      `\n\n/* head */\np(1);   // one\n\n\n\n// two\n/// doc of q\nq(2); /* three */ r(3); /// doc of s\ns(4);\n// end`,
      '/* head */',
      'p(1); // one',
      '',
      '// two',
      '/// doc of q',
      'q(2);',
      '/* three */ r(3);',
      '/// doc of s',
      's(4);',
      '// end',
    );
  });

  it('between literals and in column lists', () => {
    expectLines(
      'p(x) :- // why\n q(x), // each\n // above\n r(x)\n // last\n;\ntable t(\n// key\na: int, // the a\nbcd: int // the b\n// more\n);',
      'p(x) :- // why',
      '    q(x), // each',
      '    // above',
      '    r(x)',
      '    // last',
      '    ;',
      'table t(',
      '    // key',
      '    a: int,  // the a',
      '    bcd: int // the b',
      '    // more',
      ');',
    );
  });

  it('in the line', () => {
    expectLines(
      'p(/* first */x/* second */,y)/* third */;',
      'p(/* first */ x /* second */, y) /* third */;',
    );
  });
});

describe('comments do not end a statement', () => {
  it('a name behind a comment of several lines begins no line', () => {
    expectLines(
      '/* first */ use x /* over\n a break */  as y;',
      '/* first */ use x /* over',
      ' a break */ as y;',
    );
  });

  it('a statement is as deep as the comment before it', () => {
    expectLines(
      '/* first */ use x // one\n             as y;\n/* two\n   lines */ use z // three\n            as w;',
      '/* first */ use x // one',
      '    as y;',
      '/* two',
      '   lines */ use z // three',
      '    as w;',
    );
  });

  it('in a module, too', () => {
    expectLines(
      'module A {\n/* first */ use x // one\n  as y; }',
      'module A {',
      '    /* first */ use x // one',
      '        as y;',
      '}',
    );
  });
});

describe('alignment', () => {
  it('names of declarations that stand together, and comments behind them', () => {
    expectLines(
      'table a; // x\n/// doc\nscratch  bcd(x: int); // y\np(1); // z\ntable c;\n\nscratch d;',
      'table   a; // x',
      '/// doc',
      'scratch bcd(x: int); // y',
      'p(1);                // z',
      'table c;',
      '',
      'scratch d;',
    );
  });
});

describe('modules', () => {
  it('their statements stand four columns deeper', () => {
    expectLines(
      'module A{// why\ninput a(x:int);output b;\n\nb(x):-a(x);\n// end\n}\nmodule B{ input c(x: int); output d(x: int); d(x) :- c(x); };',
      'module A { // why',
      '    input  a(x: int);',
      '    output b;',
      '',
      '    b(x) :- a(x);',
      '    // end',
      '}',
      'module B {',
      '    input  c(x: int);',
      '    output d(x: int);',
      '    d(x) :- c(x);',
      '};',
    );
  });
});

describe('what is left alone', () => {
  it('text with syntax errors', () => {
    const { value, diagnostics } = formatSource({
      path: 'test.bloom',
      text: 'p(1)  ;\np(x :- q(x);',
    });
    expect(value).toBeNull();
    expect(diagnostics.map(({ code }) => code)).toEqual(['TRL0112']);
  });

  it('nothing', () => {
    expect(format('')).toBe('');
    expect(format('\n\n')).toBe('');
    expect(format(';;')).toBe('');
  });

  it('the statement behind stray semicolons', () => {
    expectLines(';p(1);; // one\n;q(2);', 'p(1); // one', 'q(2);');
  });
});

const programs = ['examples', 'src'].flatMap((room) =>
  readdirSync(join(repositoryRoot, room), { recursive: true })
    .map((path) => join(room, String(path)))
    .filter((path) => path.endsWith('.bloom')),
);

it('there are examples', () => {
  expect(programs.length).toBeGreaterThan(2);
});

it.each(programs.sort())('%s is formatted', (path) => {
  const source = readFileSync(join(repositoryRoot, path), 'utf8');
  expect(format(source)).toBe(source);
});
