/**
 * What a stranger gets. A copy of the tree, as version control would hand it out, is installed
 * and built from nothing, its command is run on a small program, and the package made of it
 * must hold what it promises. Needs the package registry, or a cache that has seen `npm ci`.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const exec = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const timeoutMs = 240_000;

let tree = '';

/** Runs a command in the copy; fails with its output when it fails. */
async function run(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await exec(command, args, { cwd: tree, env, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** Our own environment, less what the package manager tells the scripts that it starts. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^npm_(?:package|lifecycle|command|execpath|node_execpath)/.test(name),
  ),
);

/** The files under version control and the new ones that are not ignored, as paths. */
async function listedFiles(): Promise<string[]> {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await exec('git', ['-c', 'safe.directory=*', ...list], options);
  return [...new Set(stdout.split('\0'))].filter((path) => path !== '');
}

async function copyTree(): Promise<void> {
  if (!existsSync(join(root, '.git'))) return copyDownload();
  for (const path of await listedFiles()) {
    const target = join(tree, path);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(root, path), target).catch(ignoreMissing);
  }
}

/** A tree without version control, as from a downloaded archive: all but what we made ourselves. */
async function copyDownload(): Promise<void> {
  const made = ['node_modules', 'dist', 'coverage'].map((name) => join(root, name));
  await cp(root, tree, { recursive: true, filter: (path) => !made.includes(path) });
}

/** A file that is listed but gone: removed and not yet recorded, or somebody's draft. */
function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

async function standardLibrary(): Promise<string[]> {
  const names = await readdir(join(tree, 'src/std'), { recursive: true }).catch(ignoreMissing);
  return (names ?? []).filter((name) => name.endsWith('.bloom')).map((name) => `src/std/${name}`);
}

describe('a fresh copy of the tree', () => {
  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'trellis-pack-'));
    await copyTree();
    await run('npm', 'ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund');
    await run('npm', 'run', 'build');
  }, timeoutMs);

  afterAll(async () => {
    await rm(tree, { recursive: true, force: true });
  });

  it('checks a program by its command', { timeout: timeoutMs }, async () => {
    const program = join(tree, 'reach.bloom');
    // npx remembers the folder it ran in; it shall not remember this one.
    const cache = join(tree, 'node_modules/.npx');
    await writeFile(program, 'link("a","b"); path(x,y) :- link(x,y);\n');
    expect(await run('npx', '--cache', cache, 'trellis', 'check', program)).toMatch(/\bpath\b/);
  });

  it('packs the compiled command, the types and the standard library, and no tests', async () => {
    const output = await run('npm', 'pack', '--dry-run', '--json', '--ignore-scripts');
    const [packed] = JSON.parse(output) as [{ files: { path: string }[] }];
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'package.json',
        'LICENSE',
        'CHANGELOG.md',
        'dist/src/cli/main.js',
        'dist/src/index.js',
        'dist/src/index.d.ts',
        ...(await standardLibrary()).map((path) => `dist/${path}`),
      ]),
    );
    expect(paths.filter((path) => /^(?:test|src|node_modules|\.ci)\//.test(path))).toEqual([]);
  });
});
