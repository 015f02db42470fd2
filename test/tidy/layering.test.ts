/**
 * The import table of Trellis, held against every relative import of src/ and grammar/. Imports
 * run one way, so that each room can be read, tested and replaced knowing only what is above it.
 * `values` may be imported for use; `types` by `import type` alone, which leaves nothing at run
 * time. An entry with a slash is one file of a room: the part that others may see.
 */
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, sourceFiles } from './source-files.js';

interface Row {
  readonly values: readonly string[];
  readonly types: readonly string[];
}

const row = (values: string, types = ''): Row => ({ values: words(values), types: words(types) });
const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

const front = 'base diagnostics syntax lattice builtins semantics analysis';
const compiled = `${front} grammar evaluator rewrite plan codegen engine reference`;

/** In the order in which a program flows through the rooms. */
const table: Readonly<Record<string, Row>> = {
  base: row(''),
  evaluator: row('base', 'diagnostics'),
  diagnostics: row('base'),
  grammar: row('base'),
  syntax: row('base diagnostics grammar'),
  lattice: row('base'),
  builtins: row('base lattice'),
  semantics: row('base diagnostics syntax lattice builtins'),
  analysis: row('base diagnostics lattice builtins semantics', 'syntax'),
  rewrite: row(front),
  plan: row('base builtins lattice semantics analysis rewrite'),
  codegen: row('base plan'),
  engine: row('base lattice builtins evaluator', 'plan'),
  reference: row('base lattice builtins semantics evaluator', 'diagnostics'),
  std: row('base'),
  compiler: row(`${compiled} std`),
  coordination: row('base'),
  node: row('base diagnostics evaluator coordination'),
  transport: row('base node'),
  storage: row('base node'),
  // A cell becomes a value of its column's type, and for lattices that is semantics' business.
  files: row('base diagnostics semantics'),
  simulator: row('base diagnostics evaluator node coordination storage transport/frames'),
  host: row('base diagnostics node transport storage files'),
  viz: row('base', `${compiled} compiler simulator report`),
  report: row('base diagnostics analysis rewrite compiler simulator viz', front),
  repl: row('base diagnostics syntax semantics compiler node simulator', compiled),
  lsp: row('base diagnostics syntax semantics compiler report std', compiled),
  cli: row(
    `${compiled} std compiler coordination node transport storage files simulator host viz report repl lsp`,
  ),
  index: row(
    `${compiled} std compiler coordination node transport storage files simulator host viz report`,
  ),
};

/** The port between a node and what evaluates a timestep: its types are common ground. */
const commonTypes = ['evaluator'];

/** Well below the true number: a scanner that stops seeing imports must not pass for tidiness. */
const leastImportsSeen = 100;

const files = sourceFiles();

/** The room of a path from the root; the barrel, which lies in no room, counts as one. */
function roomOf(path: string): string {
  const [top, second] = path.split('/');
  if (top !== 'src') return top ?? '';
  return path === 'src/index.ts' || path === 'src/index' ? 'index' : (second ?? '');
}

/** Every import that names a file by a relative path, with the path it names, less its ending. */
const relativeImports = files.flatMap(({ path, text }) =>
  importsOf(text)
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map((found) => ({
      ...found,
      path,
      from: roomOf(path),
      target: posix.join(posix.dirname(path), found.specifier).replace(/\.js$/, ''),
    })),
);

function isAllowed({ from, target, kind }: (typeof relativeImports)[number]): boolean {
  const to = roomOf(target);
  const allowed = table[from];
  if (to === from) return true;
  if (allowed === undefined) return false;
  const isNamed = (entry: string): boolean => entry === to || `src/${entry}` === target;
  if (allowed.values.some(isNamed)) return true;
  return kind === 'type' && [...allowed.types, ...commonTypes].some(isNamed);
}

describe('the import table', () => {
  it('names every room', () => {
    const rooms = [...new Set(files.map(({ path }) => roomOf(path)))];
    expect(rooms.filter((room) => table[room] === undefined)).toEqual([]);
  });

  it('has no cycle among the values', () => {
    const done = new Set<string>();
    const visit = (room: string, path: readonly string[]): void => {
      expect(path, 'a cycle of rooms').not.toContain(room);
      if (done.has(room)) return;
      for (const next of table[room]?.values ?? []) visit(next.split('/')[0]!, [...path, room]);
      done.add(room);
    };
    for (const room of Object.keys(table)) visit(room, []);
    expect(done.size).toBe(Object.keys(table).length);
  });

  it('allows every relative import', () => {
    const refused = relativeImports
      .filter((found) => !isAllowed(found))
      .map(
        ({ path, line, from, kind, specifier }) =>
          `${path}:${line}: ${from} may not have the ${kind} import of ${specifier}`,
      );
    expect(refused).toEqual([]);
  });

  it('stays within src/ and grammar/, and names files as they are called at run time', () => {
    const odd = relativeImports
      .filter(
        ({ target, specifier }) => !/^(src|grammar)\//.test(target) || !specifier.endsWith('.js'),
      )
      .map(({ path, line, specifier }) => `${path}:${line}: ${specifier}`);
    expect(odd).toEqual([]);
  });

  it('was held against the imports that are there', () => {
    expect(relativeImports.length).toBeGreaterThanOrEqual(leastImportsSeen);
    expect(relativeImports.some(({ kind }) => kind === 'type')).toBe(true);
    expect(relativeImports.some(({ kind }) => kind === 'value')).toBe(true);
  });
});

describe('the scanner of imports', () => {
  it.each([
    [`import { a } from './a.js';`, 'value ./a.js'],
    [`import type { A } from "./a.js";`, 'type ./a.js'],
    [`import { type A } from './a.js';`, 'value ./a.js'],
    [`import type, { a } from './a.js';`, 'value ./a.js'],
    [`import * as a from './a.js';`, 'value ./a.js'],
    [`import './a.js';`, 'value ./a.js'],
    [`import {\n  a, // from './b.js'\n  b,\n} from './a.js';`, 'value ./a.js'],
    [`export * from './a.js';`, 'value ./a.js'],
    [`export type { A } from './a.js';`, 'type ./a.js'],
    [`const a = await import('./a.js');`, 'dynamic ./a.js'],
    [`const a = \`\${b('\`')}\`; import './a.js';`, 'value ./a.js'],
    [`const a = /['"\`]/; import './a.js';`, 'value ./a.js'],
    [`const a = b! / 2; // '\nimport './a.js';`, 'value ./a.js'],
  ])('sees %j', (text, expected) => {
    expect(importsOf(text).map(({ kind, specifier }) => `${kind} ${specifier}`)).toEqual([
      expected,
    ]);
  });

  it.each([
    `// import './a.js';`,
    `/* import './a.js'; */`,
    `const a = "import './a.js';";`,
    `const a = \`import './a.js'; \${b({})} import './a.js';\`;`,
    `export const from = './a.js';`,
    `const here = import.meta.url;`,
  ])('sees nothing in %j', (text) => {
    expect(importsOf(text)).toEqual([]);
  });

  it('tells the line', () => {
    expect(
      importsOf(`/*\n*/\nimport './a.js';\n\nimport './b.js';`).map(({ line }) => line),
    ).toEqual([3, 5]);
  });
});
