/**
 * The bans that lint cannot express. Lint knows names and static imports; this test adds what
 * goes past it: a clock read by `new Date()`, modules loaded by a dynamic import, a function
 * made from text, and comments that would switch a ban off where it holds. Together they keep
 * one promise: the same state and the same events give the same effects, byte for byte.
 */
import { describe, expect, it } from 'vitest';
import { codeOf, importsOf, lineAt, sourceFiles } from './source-files.js';

interface Ban {
  readonly title: string;
  readonly pattern: RegExp;
  /** The one room, or file, where it is allowed. */
  readonly except?: string;
  /** Sources that the ban must catch, and sources that it must let pass. */
  readonly catches: readonly string[];
  readonly passes: readonly string[];
}

const bans: readonly Ban[] = [
  {
    title: 'the clock is read in src/host only',
    pattern: /\bDate\s*\(\s*\)|\bnew\s+Date\b(?!\s*\()|\bDate\s*\[|=\s*Date\s*[;,]/g,
    except: 'src/host/',
    catches: [
      'new Date()',
      'new Date ( )',
      'const now = new Date;',
      'Date()',
      'const D = Date;',
      'Date["now"]()',
    ],
    passes: ['new Date(millis)', '// new Date()', 'let at: Date = given;', 'Date.UTC(2000, 1)'],
  },
  {
    title: 'randomness is drawn in src/host only',
    pattern: /\bMath\s*\[|=\s*Math\s*[;,]/g,
    except: 'src/host/',
    catches: ['const M = Math;', 'Math["random"]()', 'const { random } = Math;'],
    passes: ['Math.max(1, 2)', 'const most = Math.max;'],
  },
  {
    title: 'a function is made from text in src/engine/load.ts only',
    pattern:
      /\bnew\s+Function\b|\bFunction\s*\(|\bAsyncFunction\b|\bGeneratorFunction\b|\beval\s*\(/g,
    except: 'src/engine/load.ts',
    catches: ['new Function("a", "return a")', 'Function("return 1")', '(0, eval)("1"); eval("1")'],
    passes: ['const text = "new Function";', 'interface FunctionEntry {}', 'newFunction(1)'],
  },
  {
    title: 'no module is loaded but by its name, and no name of the global object is computed',
    pattern:
      /\bimport\s*\(\s*(?!")|\bglobalThis\s*\[|=\s*globalThis\s*[;,]|\bgetBuiltinModule\b|\bcreateRequire\b/g,
    except: 'src/host/',
    catches: ['await import(name)', 'globalThis["process"]', 'const g = globalThis;'],
    passes: ['await import("./a.js")', 'import.meta.url'],
  },
];

const files = sourceFiles();

function offences(path: string, text: string, pattern: RegExp): string[] {
  const { code } = codeOf(text);
  return [...code.matchAll(pattern)].map(
    (match) => `${path}:${lineAt(code, match.index)}: ${match[0]}`,
  );
}

describe.each(bans)('$title', ({ pattern, except, catches, passes }) => {
  it('holds', () => {
    const inside = files.filter(({ path }) => except === undefined || !path.startsWith(except));
    expect(inside.length).toBeGreaterThan(0);
    expect(inside.flatMap(({ path, text }) => offences(path, text, pattern))).toEqual([]);
  });

  it.each(catches)('catches %j', (text) => {
    expect(offences('', text, pattern)).not.toEqual([]);
  });

  it.each(passes)('lets %j pass', (text) => {
    expect(offences('', text, pattern)).toEqual([]);
  });
});

it('a package or a built-in module is never imported dynamically', () => {
  const found = files.flatMap(({ path, text }) =>
    importsOf(text)
      .filter(({ kind, specifier }) => kind === 'dynamic' && !specifier.startsWith('.'))
      .map(({ line, specifier }) => `${path}:${line}: ${specifier}`),
  );
  expect(found).toEqual([]);
});

it('no comment switches a ban of lint off', () => {
  const guarded = /no-restricted-\w+|no-new-func|no-default-export|no-explicit-any|no-console/;
  const switchOff = /(?:oxlint|eslint)-disable(?:-next-line|-line)?\b([^\n]*)/g;
  const found = files.flatMap(({ path, text }) =>
    [...text.matchAll(switchOff)]
      // A switch that names no rule switches all of them off.
      .filter(([, rules = '']) => guarded.test(rules) || !/[a-z]/.test(rules.split('--')[0] ?? ''))
      .map((match) => `${path}:${lineAt(text, match.index)}: ${match[0]}`),
  );
  expect(found).toEqual([]);
});

it('types are checked everywhere', () => {
  const found = files
    .filter(({ text }) => /@ts-(?:ignore|nocheck|expect-error)/.test(text))
    .map(({ path }) => path);
  expect(found).toEqual([]);
});
