/**
 * `npm run bench:files [-- --rows N] [--kernels DIR]`: reading facts from a file into typed columns (a
 * million rows of two ints unless told), against the barest reader there can be, which takes every
 * byte for a digit or an end, and with `--kernels` against the `load` of a folder's `lib.mjs`. Fresh
 * processes that take turns, time of the main thread from the file on disk to its columns, medians
 * of five; ratios count.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { defined } from '../../src/base/assert.js';
import { Prng } from '../../src/base/prng.js';
import { readBytes } from '../../src/files/read-bytes.js';
import { readRows } from '../../src/files/read-rows.js';
import { compileSource, defaultCompileOptions } from '../../src/compiler/compile-source.js';
import { bundle } from './bundle.js';

const rounds = 5;

/** What makes columns of the file `pair.tsv` or `pair.csv` of a folder; gives the number of its rows. */
type Reader = (folder: string) => number;

function readChecked(ending: 'tsv' | 'csv'): Reader {
  const source = { path: 'bench.bloom', text: 'static pair(x: int, y: int);' };
  const program = defined(compileSource(source, defaultCompileOptions).compiled, 'it compiles');
  const relation = defined(program.program.relations.get('pair'), 'the relation');
  return (folder) => {
    const file = defined(readBytes(join(folder, `pair.${ending}`)).value, 'the file');
    const [placed] = readRows(file, relation, 'no').value.byNode();
    return defined(placed, 'rows').table.length;
  };
}

/** Counts the lines, then takes digits as they come: no check, no sign, no quotes. */
function readBarely(folder: string): number {
  const bytes = readFileSync(join(folder, 'pair.tsv'));
  let rows = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 10) rows++;
  const columns = [new Int32Array(rows), new Int32Array(rows)];
  let [row, column, value] = [0, 0, 0];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte > 32) value = value * 10 + byte - 48;
    else {
      columns[column]![row] = value;
      value = 0;
      column = byte === 10 ? 0 : column + 1;
      if (column === 0) row++;
    }
  }
  return row;
}

async function readerOf(name: string, kernels: string): Promise<Reader> {
  if (name === 'tsv' || name === 'csv') return readChecked(name);
  if (name === 'bare') return readBarely;
  const { load } = (await import(pathToFileURL(join(kernels, 'lib.mjs')).href)) as {
    readonly load: (folder: string, relation: string) => { readonly n: number };
  };
  return (folder) => load(folder, 'pair').n;
}

function writeFiles(folder: string, rows: number): void {
  const prng = new Prng(1);
  const pairs = Array.from({ length: rows }, () => [prng.int(0, 999_999), prng.int(0, 999_999)]);
  for (const [ending, between] of [
    ['tsv', '\t'],
    ['csv', ','],
  ] as const)
    writeFileSync(
      join(folder, `pair.${ending}`),
      `${pairs.map((pair) => pair.join(between)).join('\n')}\n`,
    );
}

async function compare(rows: number, kernels: string): Promise<void> {
  const folder = mkdtempSync(
    fileURLToPath(new URL('../../node_modules/.bench-files-', import.meta.url)),
  );
  writeFiles(folder, rows);
  const program = join(folder, 'files.mjs');
  await bundle(fileURLToPath(import.meta.url), program);
  const clock = new URL('thread-clock.mjs', import.meta.url).href;
  const names = ['tsv', 'csv', 'bare', ...(kernels === '' ? [] : ['given'])];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++)
    for (const name of names) {
      const words = [program, '--one', name, '--folder', folder, '--kernels', kernels];
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--import', clock, ...words, '--rows', String(rows)],
        { encoding: 'utf8' },
      );
      if (status !== 0) throw new Error(stderr);
      times.get(name)!.push(Number(stdout));
    }
  rmSync(folder, { recursive: true, force: true });
  const ms = (name: string): number => times.get(name)!.sort((a, b) => a - b)[rounds >> 1]!;
  const others = names.filter((name) => name !== 'tsv' && name !== 'csv');
  for (const name of ['tsv', 'csv']) {
    const ratios = others.map((other) => `${(ms(name) / ms(other)).toFixed(2)} times ${other}`);
    console.log(`${name}  ${ms(name).toFixed(0)} ms  ${ratios.join('  ')}`);
  }
  for (const name of others) console.log(`${name}  ${ms(name).toFixed(0)} ms`);
}

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    kernels: { type: 'string', default: '' },
    one: { type: 'string' },
    folder: { type: 'string', default: '' },
  },
});
if (values.one === undefined) await compare(Number(values.rows), values.kernels);
else {
  const read = await readerOf(values.one, values.kernels);
  const start = performance.now();
  const rows = read(values.folder);
  const ms = performance.now() - start;
  if (rows !== Number(values.rows)) throw new Error(`${values.one} reads ${rows} rows`);
  console.log(ms);
}
