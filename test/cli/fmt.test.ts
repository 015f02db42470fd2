/** `trellis fmt` as a user runs it: what it writes, what it prints, and what it exits with. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runTrellis } from '../support/trellis-command.js';

const ugly = 'p( 1 ) ;\n';
const neat = 'p(1);\n';
const wrong = 'p( 1   ;\n';
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-fmt-'));
  for (const [name, text] of [
    ['ugly.bloom', ugly],
    ['neat.bloom', neat],
    ['wrong.bloom', wrong],
    ['cluster.toml', 'program = "ugly.bloom"\n\n[nodes.a]\nlisten = "127.0.0.1:7001"\n'],
  ] as const) {
    writeFileSync(join(folder, name), text);
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

function content(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

it('writes in place what is not formatted', async () => {
  const result = await runTrellis(['fmt', 'ugly.bloom', 'neat.bloom'], { cwd: folder });
  expect(result).toEqual({ code: 0, stdout: 'ugly.bloom: formatted\n', stderr: '' });
  expect(content('ugly.bloom')).toBe(neat);
});

it('--check writes nothing and lists what would change', async () => {
  const result = await runTrellis(['fmt', '--check', 'ugly.bloom', 'neat.bloom'], { cwd: folder });
  expect(result).toEqual({ code: 1, stdout: 'ugly.bloom: not formatted\n', stderr: '' });
  expect(content('ugly.bloom')).toBe(ugly);
  const fine = await runTrellis(['fmt', '--check', 'neat.bloom'], { cwd: folder });
  expect(fine).toEqual({ code: 0, stdout: '', stderr: '' });
});

it('leaves a file with syntax errors alone, tells them, and goes on', async () => {
  const result = await runTrellis(['fmt', 'wrong.bloom', 'ugly.bloom'], { cwd: folder });
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('error[TRL0112]');
  expect(content('wrong.bloom')).toBe(wrong);
  expect(content('ugly.bloom')).toBe(neat);
});

it('takes a folder with a cluster file, and `-` for standard input', async () => {
  expect((await runTrellis(['fmt', '.'], { cwd: folder })).code).toBe(0);
  expect(content('ugly.bloom')).toBe(neat);
  const piped = await runTrellis(['fmt', '-'], { cwd: folder, input: ugly });
  expect(piped).toEqual({ code: 0, stdout: neat, stderr: '' });
});

it('says what it cannot read', async () => {
  const missing = await runTrellis(['fmt', 'missing.bloom'], { cwd: folder });
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain('cannot read missing.bloom');
  expect((await runTrellis(['fmt'], { cwd: folder })).code).toBe(2);
});

it('lays out programs of the Dedalus dialect', async () => {
  const path = join(folder, 'ugly.ded');
  writeFileSync(path, 'p("a")@1;;q(n)@next:-p(n) ; // now\n');
  const run = await runTrellis(['fmt', path]);
  expect(run.code).toBe(0);
  expect(readFileSync(path, 'utf8')).toBe('p("a")@1;\nq(n)@next :- p(n); // now\n');
  expect((await runTrellis(['fmt', '--check', path])).code).toBe(0);
});
