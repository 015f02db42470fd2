/** What is said about programs of the Dedalus dialect, and programs in either dialect. */
import { describe, expect, it } from 'vitest';
import { bloomText } from '../../../src/cli/bloom-text.js';
import { compileSource, defaultCompileOptions } from '../../../src/compiler/compile-source.js';
import { dedalusCodes } from '../../../src/diagnostics/codes/dedalus.js';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { printDedalus } from '../../../src/syntax/print-dedalus.js';
import { compileDed, contents, soundDed } from '../../support/dedalus-run.js';
import { compileText } from '../../support/compile-text.js';

function codes(text: string): readonly string[] {
  return compileDed(text).diagnostics.map(({ code }) => code);
}
function marked({ primary }: Diagnostic): string {
  const { file, start, end } = primary!.span;
  return file.text.slice(start, end);
}

describe.each(dedalusCodes.filter(({ wrong }) => wrong !== null))(
  '$code $title',
  ({ code, wrong, right }) => {
    // TRL0161 is about `.bloom` text.
    const path = code === 'TRL0161' ? 'test.bloom' : 'test.ded';
    const told = (text: string): readonly Diagnostic[] =>
      compileSource({ path, text }, defaultCompileOptions).diagnostics;

    it('is what its wrong program gets, and nothing else', () => {
      expect([...new Set(told(wrong!).map((d) => d.code))]).toEqual([code]);
      expect(told(wrong!).every(({ help }) => help !== undefined && help !== '')).toBe(true);
    });

    it('is not what its right program gets', () => {
      expect(told(right!).map((d) => d.code)).not.toContain(code);
    });
  },
);

describe('a relation that is read and never derived', () => {
  it('is a warning, with the name that was meant', () => {
    const { diagnostics, dedalus } = compileDed(
      'origin("a", 1)@1;\nq(N) :- orign(N, _);\np(N) :- q(N), origin(N, _);',
    );
    expect(diagnostics.map((d) => [d.code, d.severity, marked(d)])).toEqual([
      ['TRL0201', 'warning', 'orign'],
    ]);
    expect(diagnostics[0]!.help).toContain('`origin`');
    expect(dedalus!.dedalus).not.toBeNull();
  });

  it('holds nothing', async () => {
    const text = 'p("a")@1;\nq(N) :- p(N), notin gone(N, _);\nr(N) :- p(N), gone(N, _);';
    expect(await contents(text, 'q', 1)).toEqual([['a']]);
    expect(await contents(text, 'r', 1)).toEqual([[]]);
  });
});

describe('errors speak of the source', () => {
  it.each([
    ['p("a", b)@1;', 'TRL0406', 'b'],
    ['p("a")@1;\nq(N, X) :- p(N);', 'TRL0401', 'X'],
    ['p("a")@1;\nq(N) :- p(N), notin r(N, X);\nr("a", 1)@1;', 'TRL0402', 'X'],
    ['p("a")@1;\np("b", "c")@1;', 'TRL0301', 'p("b", "c")@1'],
    ['p("a")@1;\nq(N) :- p(N), notin r(N);\nr(N) :- p(N), notin q(N);', 'TRL0501', 'notin r(N)'],
    ['p("a", 1)@1;\np("a", "x")@2;', 'TRL0309', '"x"'],
    ['clock("a", "b", 1, 2)@1;', 'TRL0260', 'clock("a", "b", 1, 2)@1'],
    ['p(N) :- crash(N, _);\nq("a")@1;', 'TRL0301', 'crash(N, _)'],
  ])('%s', (text, code, place) => {
    const errors = compileDed(text).diagnostics.filter(({ severity }) => severity === 'error');
    expect([...new Set(errors.map((d) => d.code))]).toEqual([code]);
    expect(errors.map(marked)).toContain(place);
  });

  it('calls rules by their names in the source', () => {
    const text =
      'go("a", "b")@1;\ngo("b", "a")@1;\nat(M, N)@async :- go(N, M);\nat(N, M)@next :- at(N, M);';
    const { program } = compileDed(text).compiled!;
    const named = program.rules.filter(({ origin }) => origin.rule.startsWith('at'));
    expect(named.map(({ head, name }) => [head.relation, head.mode, name])).toEqual([
      ['at@async', 'async', 'at#1'],
      ['at', 'next', 'at#2'],
      ['at', 'now', 'at@async#1'],
    ]);
  });
});

describe('observables', () => {
  it('are post if there is one', () => {
    expect(soundDed('p("a")@1;\npost(N) :- p(N);\nq(N) :- p(N);').observables).toEqual(['post']);
  });

  it('are else what no other rule reads', () => {
    const text =
      'p("a")@1;\np(N)@next :- p(N);\nq(N) :- p(N);\nr(N)@next :- r(N);\nr(N) :- q(N)@1;';
    expect(soundDed(text).observables).toEqual(['r']);
  });

  it('are what is asked for', () => {
    const options = { observe: ['p'] };
    expect(soundDed('p("a")@1;\npost(N) :- p(N);', { options }).observables).toEqual(['p']);
    expect(compileDed('p("a")@1;', { options: { observe: ['pp'] } }).diagnostics[0]!.code).toBe(
      'TRL0210',
    );
  });
});

describe('nodes', () => {
  it('are the names in the first columns of facts', () => {
    expect(
      soundDed('p("b", "z")@4;\np("a", "y");\nsucc(1, 2)@1;\nq(N) :- p(N, _), succ(_, _);').nodes,
    ).toEqual(['a', 'b']);
  });
});

describe('printing', () => {
  const text = `peer("a", "b"); peer("b", "a");
    say?("a", "it's")@1; say?("b", "x")@3;
    in.box(M, N, X)@async :- say?(N, X), peer(N, M), notin in.box(N, _, X)@2;
    in.box(N, M, in)@next :- in.box(N, M, in);
    n(N, count<true>) :- in.box(N, _, true);`;

  it('in the dialect gives the same program', async () => {
    const printed = printDedalus(soundDed(text).module);
    expect(await contents(printed, 'n', 6)).toEqual(await contents(text, 'n', 6));
    expect((await contents(text, 'n', 6)).at(-1)).toEqual(['a 1', 'b 1']);
  });

  it('as .bloom gives a program that compiles to the same rules', () => {
    const compilation = compileDed(text);
    const printed = bloomText(compilation.compiled!.onNodes, compilation);
    const again = compileText(printed);
    expect(again.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const shapes = (
      rules: readonly {
        head: { mode: string };
        bodies: readonly { literals: readonly object[] }[];
      }[],
    ): unknown =>
      rules.map(({ head, bodies }) => [head.mode, bodies.map(({ literals }) => literals.length)]);
    expect(shapes(again.compiled!.program.rules)).toEqual(
      shapes(compilation.compiled!.onNodes.rules),
    );
  });

  it('keeps what is evaluated over all nodes as comments', () => {
    const compilation = compileDed('p("a", 1)@1;\npost(X) :- p(_, X), notin q(X);\nq(2)@1;');
    const printed = bloomText(compilation.compiled!.onNodes, compilation);
    expect(printed).toContain('// over all nodes:\n// post(X) :- p(_, X), notin q(X);\n');
  });
});

describe('a program without mistakes', () => {
  it('gets no diagnostics', () => {
    expect(
      codes('p("a", 1)@1;\np(N, X)@next :- p(N, X);\nq(N, X) :- p(N, X)@1, notin crash(N, N, _);'),
    ).toEqual([]);
  });
});
