import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileSource, defaultCompileOptions } from '../../../src/compiler/compile-source.js';
import { diskLoader } from '../../../src/files/disk-loader.js';
import { standardLibraryUrl } from '../../../src/std/standard-library.js';
import { lintCodes } from '../../../src/diagnostics/codes/lints.js';
import { compileText } from '../../support/compile-text.js';

/** `CODE "marked text"` for each warning about a program that is right. */
function lints(text: string): readonly string[] {
  const { diagnostics, findings } = compileText(text);
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  return findings
    .filter(({ code }) => code.startsWith('TRL12'))
    .map(({ code, severity, primary }) => {
      expect(severity).toBe('warning');
      const { start, end } = primary!.span;
      return `${code} ${text.slice(start, end)}`;
    });
}

describe.each(lintCodes)('$code $title', ({ code, wrong, right }) => {
  it('is what its wrong program gets, and its right program does not', () => {
    expect([...new Set(lints(wrong!).map((mark) => mark.slice(0, 7)))]).toEqual([code]);
    expect(lints(right!)).toEqual([]);
  });
});

describe('variables used once', () => {
  it.each([
    ['input e(x: int, y: int); view v(x: int); v(x) :- e(x, _y);', []],
    ['input e(x: int, y: int); view v(x: int); v(x) :- e(x, x2);', ['TRL1201 x2']],
    ['input e(x: int, y: int); view v(n: int); v(count<*>) :- e(x, y);', []],
    ['input e(x: int, y: int); view v(x: int); v(x) :- e(x, y), y > 1;', []],
    [
      'input e(x: int, y: int); view v(x: int); v(x) :- e(x, _), e(_, x) | e(_, x), e(z, _);',
      ['TRL1201 z'],
    ],
    ['const one = 1; input e(x: int, y: int); view v(x: int); v(x) :- e(x, one);', []],
    ['table t(x: int, y: int); invariant i: !(t(x, y), x > 1);', ['TRL1201 y']],
  ])('%s', (text, expected) => expect(lints(text)).toEqual(expected));

  it('suggest the name that is probably meant', () => {
    const { findings } = compileText(
      'input e(session: int, y: int); view v(x: int); v(session) :- e(session, _), e(sesion, _);',
    );
    expect(findings[0]).toMatchObject({
      code: 'TRL1201',
      help: 'write `_` if any value will do; or did you mean `session`?',
      fixes: [{ title: 'write `_`' }],
    });
  });
});

describe('rules that can never fire', () => {
  const base = 'input e(x: int); view v(x: int); ';
  it.each([
    ['loopback l(x: int); v(x) :- l(x); v(x) :- e(x);', ['TRL1205 l(x)']],
    ['loopback l(x: int); v(x) :- l(x); l(x)@async :- e(x);', []],
    ['loopback l(x: int); v(x) :- l(x) | e(x);', []],
    ['loopback l(x: int); v(x) :- e(x), notin l(x);', []],
    ['loopback l(x: int); l(x + 1)@async :- l(x); v(x) :- l(x) | e(x);', ['TRL1205 l(x)']],
    ['v(x) :- e(x), 1 > 2;', ['TRL1205 1 > 2']],
    ['v(x) :- e(x), x > 3 && false;', ['TRL1205 x > 3 && false']],
    ['v(x) :- e(x), x == 1, x == 1.0;', []],
    ['v(x) :- e(x), y = 2, y == 3, y < x;', ['TRL1205 y == 3']],
    ['v(x) :- e(x), x < 1, x > 2;', ['TRL1205 x > 2']],
    ['v(x) :- e(x), x > 3 && x < 4;', ['TRL1205 x > 3 && x < 4']],
    ['v(x) :- e(x), 3 <= x, x <= 3;', []],
    ['v(x) :- e(x), x > 3, x > 5, x < 6;', ['TRL1205 x < 6']],
    ['v(x) :- e(x), x > 3, x > 5, x < 7;', []],
    ['v(x) :- e(x), x < 4 | e(x), x > 5;', []],
    ['input f(x: float); view w(x: float); w(x) :- f(x), x > 3.0, x < 3.5;', []],
    ['input f(x: float); view w(x: float); w(x) :- f(x), x > 3.0, x <= 3;', ['TRL1205 x <= 3']],
    ['input f(x: string); view w(x: string); w(x) :- f(x), x > "b", x < "a";', ['TRL1205 x < "a"']],
    ['v(x) :- e(_), x = 1, x != 1;', ['TRL1205 x != 1']],
    ['v(x) :- e(x), x != 1, x == 1;', ['TRL1205 x != 1']],
    ['v(x) :- e(x), x == 2, x > 5;', ['TRL1205 x > 5']],
    // Equal to 1 is the float too, of which a function may tell something else.
    ['input f(x: any); view w(x: any); w(x) :- f(x), x == 1, to_string(x) == "1.0";', []],
    ['v(x) :- e(_), x in {};', ['TRL1205 x in {}']],
    ['v(x) :- e(x), x in [];', ['TRL1205 x in []']],
    ['v(x) :- e(x), x notin {};', []],
    ['v(x) :- e(x), x in {1};', []],
    ['table c(x: int, y: int); v(x) :- c(x, y), notin c(x, y);', ['TRL1205 notin c(x, y)']],
    ['table c(x: int, y: int); v(x) :- c(x, 2), notin c(x, _);', ['TRL1205 notin c(x, _)']],
    ['table c(x: int, y: int); v(x) :- c(x, _), notin c(x, 2);', []],
    ['table c(x: int, y: int); v(x) :- c(x, y), notin c(y, x);', []],
    ['scratch s(x: int); v(x) :- s(x); v(x) :- e(x);', ['TRL1205 s(x)']],
    ['scratch s(x: int); s(1); v(x) :- s(x);', []],
    ['a(x) :- b(x); b(x) :- a(x); v(x) :- a(x);', ['TRL1205 b(x)', 'TRL1205 a(x)', 'TRL1205 a(x)']],
    ['a(x) :- b(x) | e(x); b(x) :- a(x); v(x) :- a(x);', []],
    // What a param makes false is a switch.
    ['param deep = false; v(x) :- e(x), deep;', []],
    ['param least = 5; const more = least + 1; v(x) :- e(x), x > more, x < 3;', []],
    ['const least = 5; v(x) :- e(x), x > least, x < 3;', ['TRL1205 x < 3']],
    ['table t(x: int); v(x) :- t(x), e(x);', []],
    ['static s(x: int); v(x) :- s(x), e(x);', []],
    ['view w(x: int); v(x) :- w(x); v(x) :- e(x);', ['TRL1205 w(x)']],
  ])('%s', (text, expected) => {
    const dead = lints(base + text).filter((mark) => mark.startsWith('TRL1205'));
    expect(dead).toEqual(expected);
  });
});

describe('relations without a use', () => {
  it.each([
    ['table t(x: int); t(1);', []],
    ['table t(x: int); input e(x: int); view v(x: int); v(x) :- e(x);', ['TRL1202 t']],
    ['output o(x: int); input e(x: int); view v(x: int); v(x) :- e(x);', ['TRL1202 o']],
    ['table t(x: int); input e(x: int); view v(x: int); t(x), v(x) :- e(x);', []],
    [
      'table t(x: int); input e(x: int); view v(x: int); v(x) :- e(x); invariant i: !(t(x), x > 1);',
      [],
    ],
    ['input f(x: int); input e(x: int); view v(x: int); v(x) :- e(x);', ['TRL1203 f']],
    [
      'input f(x: int); input done(); input e(x: int); view v(x: int); v(x) :- e(x); seal f when done();',
      [],
    ],
    ['periodic p(1s); input e(x: int); view v(x: int); v(x) :- e(x);', ['TRL1202 p']],
    [
      'loopback l(x: int); input e(x: int); view v(x: int); l(x)@async, v(x) :- e(x);',
      ['TRL1204 l'],
    ],
  ])('%s', (text, expected) => expect(lints(text)).toEqual(expected));
});

describe('inside modules', () => {
  const around = (inside: string, outside = 'm.put(x) :- e(x);'): string =>
    `module M { input put(x: int); output got(x: int); got(x) :- put(x); ${inside} } use M as m; input e(x: int); view v(x: int); v(x) :- e(x); ${outside}`;
  it.each([
    ['', []],
    ['scratch s(x: int);', ['TRL1202 s']],
    ['scratch s(x: int); s(x) :- put(x);', ['TRL1202 s']],
    ['loopback l(x: int); l(x)@async :- put(x);', ['TRL1204 l']],
    ['loopback l(x: int); got(x) :- l(x);', ['TRL1205 l(x)']],
    ['got(x) :- put(x), put(y);', ['TRL1201 y']],
    // A param may switch rules off, and what goes out is for whoever wants it.
    ['param deep = false; got(x) :- put(x), deep;', []],
    ['param least = 5; got(x) :- put(x), x > least, x < 3;', []],
    ['param least = 5; got(x) :- put(x), x < least, 1 > 2;', ['TRL1205 1 > 2']],
    ['output also(x: int); also(x) :- put(x);', []],
  ])('%s', (inside, expected) => expect(lints(around(inside))).toEqual(expected));

  it('are told once, however many instances there are', () => {
    const text = around('scratch s(x: int);', 'm.put(x) :- e(x); use M as n; n.put(x) :- e(x);');
    expect(lints(text)).toEqual(['TRL1202 s']);
  });

  it('an input that nothing feeds is told at the `use`', () => {
    expect(lints(around('', ''))).toEqual(['TRL1206 m']);
    const within = `module In { input put(x: int); view got(x: int); got(x) :- put(x); }
module Out { use In as a; input go(x: int); view all(x: int); all(x) :- a.got(x) | go(x); }
use Out as o; input e(x: int); o.go(x) :- e(x); view v(x: int); v(x) :- o.all(x);`;
    expect(lints(within)).toEqual(['TRL1206 put']);
  });

  it('there are none in the standard library', () => {
    const folder = fileURLToPath(standardLibraryUrl);
    const files = readdirSync(folder).filter((name) => name.endsWith('.bloom'));
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const modules = [...readFileSync(join(folder, file), 'utf8').matchAll(/^module (\w+) \{$/gm)];
      const text = modules.map(
        ([, name], i) => `use ${name} as m${i}${name === 'Quorum' ? ' (size = 2)' : ''};`,
      );
      const source = {
        path: 'app.bloom',
        text: `import "std/${file}";\n${text.join('\n')}\nview v(x: int);\nv(1);\n`,
      };
      const { findings, diagnostics } = compileSource(
        source,
        defaultCompileOptions,
        diskLoader(folder),
      );
      expect(diagnostics).toEqual([]);
      const found = findings.filter(({ code }) => code.startsWith('TRL12') && code !== 'TRL1206');
      expect(found.map(({ message }) => `${file}: ${message}`)).toEqual([]);
    }
  });
});
