import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { compileSource, defaultCompileOptions } from '../../../src/compiler/compile-source.js';
import { fingerprintTexts } from '../../../src/compiler/fingerprint.js';
import { memoryLoader } from '../../../src/compiler/source-loader.js';
import { moduleCodes } from '../../../src/diagnostics/codes/modules.js';
import { programToModule } from '../../../src/semantics/program-to-module.js';
import { printModule } from '../../../src/syntax/print.js';
import { checkFixture } from '../../support/check-fixture.js';

function compile(text: string, files: Readonly<Record<string, string>> = {}) {
  const all = new Map([...Object.entries(files), ['test.bloom', text]]);
  return compileSource({ path: 'test.bloom', text }, defaultCompileOptions, memoryLoader(all));
}

function sound(text: string, files: Readonly<Record<string, string>> = {}) {
  const { compiled, diagnostics } = compile(text, files);
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return compiled!.program;
}

const printed = (program: ReturnType<typeof sound>): string =>
  printModule(programToModule(program));

/** `code message @file:marked text` of every error. */
function errors(text: string, files: Readonly<Record<string, string>> = {}): readonly string[] {
  return compile(text, files)
    .diagnostics.filter((d) => d.severity === 'error')
    .map(({ code, primary }) => {
      const { file, start, end } = primary!.span;
      return `${code} ${file.path} ${file.text.slice(start, end)}`;
    });
}

const log = `module Log {
  param limit: int = 9;
  input put(x: int);
  output got(x: int);
  table seen(x: int);
  keep: seen(x) :- put(x), x < limit;
  got(x) :- seen(x);
}
`;
const around = `input go(x: int);
output out(x: int);
`;

describe('instances', () => {
  it('have names of their own and share nothing', () => {
    const program = sound(`${log}${around}
use Log as a;
use Log as b (limit = 3);
a.put(x) :- go(x);
b.put(x) :- a.got(x);
out(x) :- b.got(x);
`);
    expect([...program.relations.keys()]).toEqual([
      'go',
      'out',
      'a.put',
      'a.got',
      'a.seen',
      'b.put',
      'b.got',
      'b.seen',
    ]);
    expect(printed(program)).toContain('a.keep: a.seen(x) :- a.put(x), x < 9;');
    expect(printed(program)).toContain('b.keep: b.seen(x) :- b.put(x), x < 3;');
    expect(program.observables).toEqual(['out']);
  });

  it('print as a program that compiles to the same', () => {
    const program = sound(`${log}module Twice {
  input put(x: int);
  output got(x: int);
  use Log as inner;
  inner.put(x) :- put(x);
  got(x) :- inner.got(x), !inner.got(x: 5), notin inner.got(7);
}
${around}use Twice as t;
t.put(x) :- go(x);
out(x) :- t.got(x: x), x > 0;
`);
    const text = printed(program);
    expect(text).toContain('t.inner.seen');
    expect(printed(sound(text))).toBe(text);
  });

  it('keep the meaning of their variables whatever the program calls its constants', () => {
    const program = sound(
      `const x = 1;
${log}${around}`
        .replace('go(x: int)', 'go(y: int)')
        .replace(log, '') +
        `import "./log.bloom";
use Log as a;
a.put(y) :- go(y);
out(y) :- a.got(y), y > x;
`,
      { 'log.bloom': log },
    );
    expect(printed(program)).toContain('a.got(x_) :- a.seen(x_);');
    expect(printed(program)).toContain('out(y) :- a.got(y), y > 1;');
  });

  it('take their settings from the scope around them', () => {
    const program = sound(
      `const limit = 4;
import "./log.bloom";
${around}use Log as a (limit = limit * 2);
a.put(v) :- go(v);
out(v) :- a.got(v);
`,
      { 'log.bloom': log },
    );
    expect(printed(program)).toContain('x < 8;');
  });

  it('take settings as values of the type that a default has', () => {
    const program = sound(`module Rate {
  param rate = 0.5;
  param like = null;
  view  at(rate: float, like: any);
  at(rate, like) :- boot(_);
}
use Rate as a (rate = 2, like = "tea");
`);
    expect(printed(program)).toContain('a.at(2.0, "tea")');
  });
});

describe('files', () => {
  it('are one file over two paths', () => {
    const files = {
      'log.bloom': log,
      'deep/other.bloom': `import "../log.bloom";
module Other { input i(x: int); output o(x: int); use Log as l; l.put(x) :- i(x); o(x) :- l.got(x); }`,
    };
    const text = `import "./log.bloom";
import "./deep/../log.bloom";
import "./deep/other.bloom";
${around}use Log as a;
use Other as b;
a.put(x), b.i(x) :- go(x);
out(x) :- a.got(x), b.o(x);
`;
    expect(errors(text, files)).toEqual([]);
  });

  it('are included where the include stands, and once in a scope', () => {
    const files = { 'rules.bloom': 'table seen(x: int);\nseen(x) :- go(x);\n' };
    const program = sound(
      `${around}include "./rules.bloom";
include "./rules.bloom";
out(x) :- seen(x);
`,
      files,
    );
    expect(program.rules.map((rule) => rule.name)).toEqual(['seen#1', 'out#1']);
    expect(program.rules[0]!.origin.span.file.path).toBe('rules.bloom');
  });

  it('point their errors into themselves, once for all instances', () => {
    const files = { 'log.bloom': log.replace('seen(x);\n}', 'sene(x);\n}') };
    const text = `import "./log.bloom";
${around}use Log as a; use Log as b;
a.put(x), b.put(x) :- go(x);
out(x) :- a.got(x), b.got(x);
`;
    expect(new Set(errors(text, files))).toEqual(new Set(['TRL0201 log.bloom sene']));
  });

  it('count for the fingerprint', () => {
    const text = `import "./log.bloom";
${around}use Log as a;
a.put(x) :- go(x);
out(x) :- a.got(x);
`;
    const of = (module: string): string => {
      const { program, plan } = compile(text, { 'log.bloom': module }).compiled!;
      return fingerprintTexts(program, plan, ['n1']).program;
    };
    expect(of(log)).toBe(of(`// a comment\n${log}`));
    expect(of(log)).not.toBe(of(log.replace('= 9', '= 8')));
  });

  it.each([
    ['import "./test.bloom";', {}, 'TRL0228 test.bloom "./test.bloom"'],
    [
      'import "./a.bloom";',
      { 'a.bloom': 'import "./b.bloom";', 'b.bloom': 'import "./a.bloom";' },
      'TRL0228 b.bloom "./a.bloom"',
    ],
    ['include "./a.bloom";', { 'a.bloom': 'include "./a.bloom";' }, 'TRL0228 a.bloom "./a.bloom"'],
    ['import "./lgo.bloom";', { 'log.bloom': log }, 'TRL0227 test.bloom "./lgo.bloom"'],
    ['import "./a.bloom";', { 'a.bloom': 'p(1);' }, 'TRL0229 a.bloom p(1)'],
    [
      'import "./a.bloom"; import "./b.bloom";',
      { 'a.bloom': log, 'b.bloom': log },
      'TRL0230 test.bloom import "./b.bloom"',
    ],
  ])('%s: %o', (text, files, error) => {
    expect(errors(text, files as Readonly<Record<string, string>>)).toEqual([error]);
  });

  it('suggest the file that was meant', () => {
    const { diagnostics } = compile('import "./lgo.bloom";', { 'log.bloom': log });
    expect(diagnostics[0]!.help).toBe('did you mean "./log.bloom"?');
  });
});

it('marks what is wrong with names', () => {
  const { actual, expected } = checkFixture(`${log}${around}
use Lgo as z;
    ^^^ TRL0220 there is no module \`Lgo\` here
use Log as a (limti = 3);
              ^^^^^ TRL0225 the module \`Log\` has no param \`limti\`
use Log as a;
           ^ TRL0221 two instances are called \`a\`
a.put(x) :- go(x);
out(a) :- go(a);
    ^ TRL0222 \`a\` is the name of an instance, not a variable
a.got(x) :- go(x);
^^^^^ TRL0224 \`a.got\` is an output of its module
a.put(x)@next :- go(x);
^^^^^ TRL0224 is written with \`:-\` alone
out(x) :- a.put(x);
          ^^^^^ TRL0224 \`a.put\` is an input of its module
out(x) :- a.seen(x);
          ^^^^^^ TRL0223 \`seen\` is inside the module \`Log\`
out(x) :- a.gto(x);
          ^^^^^ TRL0223 has no input, output or view \`gto\`
b.put(x) :- go(x);
^ TRL0233 \`b\` is not the name of an instance
`);
  expect(actual.filter((line) => !line.includes('TRL12'))).toEqual(expected);
});

describe('an alias that there is not, in a literal', () => {
  const text = (rule: string): string =>
    `${log}input go(x: int);\nview out(x: int);\nuse Log as guests;\nguests.put(x) :- go(x);\n${rule}\n`;
  it.each([
    ['out(x) :- guest.got(x);', 'guest', 'did you mean `guests`?'],
    ['out(x) :- go(x), !guest.got(x);', 'guest', 'did you mean `guests`?'],
    ['out(x) :- go(x), notin guest.got(x);', 'guest', 'did you mean `guests`?'],
    ['invariant i: !(guest.got(_));', 'guest', 'did you mean `guests`?'],
    ['out(x) :- Log.got(x);', 'Log', 'write the name of the instance: `guests`'],
    ['out(x) :- go(x), Log.got(x);', 'Log', 'write the name of the instance: `guests`'],
    ['out(x) :- go.o(x, _);', 'go', 'bring it in: `use SomeModule as go;`'],
  ])('is told once: %s', (rule, marked, help) => {
    expect(errors(text(rule))).toEqual([`TRL0233 test.bloom ${marked}`]);
    expect(compile(text(rule)).diagnostics.find((d) => d.severity === 'error')!.help).toBe(help);
  });

  it('is no variable that has a value, and has no method of values', () => {
    const sets = 'input s(x: set<int>);\nview out(x: int);\n';
    expect(errors(`${sets}out(1) :- s(guest), guest.contain(1);`)).toEqual([
      'TRL0202 test.bloom contain',
    ]);
    expect(errors(`${sets}out(1) :- s(_), guest.contains(1);`)).toEqual([
      'TRL0403 test.bloom guest',
    ]);
    expect(errors(`${sets}const guest = {1};\nout(1) :- s(_), guest.contain(1);`)).toEqual([
      'TRL0202 test.bloom contain',
    ]);
  });

  it('may be a module that nothing uses, or be written in the other case', () => {
    const { diagnostics } = compile(`${log}view out(x: int);\nout(x) :- Log.got(x);\n`);
    expect(diagnostics.map(({ help }) => help)).toEqual([
      'it is a module; make an instance of it: `use Log as log;`',
    ]);
    const single =
      'module L { output w(x: int); w(1); }\nuse l as z;\nview v(x: int);\nv(x) :- z.w(x);\n';
    expect(compile(single).diagnostics.map(({ help }) => help)).toEqual(['did you mean `L`?']);
  });
});

it('marks what is wrong with settings', () => {
  const { actual, expected } = checkFixture(`${log.replace(' = 9', '')}${around}
use Log as a;
           ^ TRL0226 \`a\` needs a value for the param \`limit\`
use Log as b (limit = 1, limit = 2);
                         ^^^^^ TRL0225 \`limit\` is set twice here
a.put(x), b.put(x) :- go(x);
out(x) :- a.got(x), b.got(x);
`);
  expect(actual).toEqual(expected);
});

it('marks settings that are not of the type of the default, where they are set', () => {
  const { actual, expected } = checkFixture(`
module Clock {
  param every = 200ms;
  periodic beat(every);
  view beats(n: int);
  beats(n) :- beat(n, _);
}
use Clock as a (every = "x");
                        ^^^ TRL0324 \`a.every\` is int by its default, but this value is string
view n(n: int);
n(x) :- a.beats(x);
`);
  expect(actual).toEqual(expected);
});

it('says once what is wrong with a head or a call', () => {
  const { actual, expected } = checkFixture(`${log}${around}
use Log as a;
a.put(x) :- go(x);
delete a.put(x) :- go(x);
       ^^^^^ TRL0224 the input \`a.put\` of a module is written with \`:-\` alone
out(a.seen(x)) :- a.got(x);
    ^^^^^^ TRL0223 \`seen\` is inside the module \`Log\`: only its inputs, outputs and views show
`);
  expect(actual).toEqual(expected);
});

it('marks what a module cannot contain', () => {
  const { actual, expected } = checkFixture(`
module Ring {
  input i(x: int);
  output o(x: int);
  use Link as next;
      ^^^^ TRL0231 the module \`Link\` uses itself: Link -> Ring -> Link
  next.i(x) :- i(x);
  o(x) :- next.o(x);
}
module Link {
  input i(x: int);
  output o(x: int);
  use Ring as next;
  next.i(x) :- i(x);
  o(x) :- next.o(x);
}
module Outer {
  input a(x: int);
  output b(x: int);
  module Inner { p(1); }
         ^^^^^ TRL0232 a module cannot stand inside a module
  import "./log.bloom";
  ^^^^^^^^^^^^^^^^^^^^ TRL0232 an import cannot stand inside a module
  b(x) :- a(x);
}
module Greedy {
  input a(x: int);
  output b(x: int);
  a(x + 1)@next :- a(x), x < 3;
  ^ TRL0234 the input \`a\` of a module is written by whoever uses it
  a(7);
  ^ TRL0234 the input \`a\` of a module is written by whoever uses it
  b(x) :- a(x);
}
input go(x: int);
output out(x: int);
use Link as l;
l.i(x) :- go(x);
out(x) :- l.o(x);
`);
  expect(actual).toEqual(expected);
});

describe.each(moduleCodes.filter(({ wrong }) => wrong !== null))(
  '$code $title',
  ({ code, wrong, right }) => {
    it('is what its wrong program gets, and its right one does not', () => {
      const found = compile(wrong!).diagnostics.filter((d) => d.severity === 'error');
      expect(new Set(found.map((d) => d.code))).toEqual(new Set([code]));
      expect(found.every((d) => d.help !== undefined && d.help !== '')).toBe(true);
      if (right !== null) expect(errors(right)).toEqual([]);
    });
  },
);

describe.each(['delivery', 'multicast', 'quorum'])('std/%s', (name) => {
  const read = (file: string): string =>
    readFileSync(new URL(`../../../src/std/${file}.bloom`, import.meta.url), 'utf8');
  it('has modules without errors', () => {
    expect(errors(read(name), { 'std/delivery.bloom': read('delivery') })).toEqual([]);
  });
});
