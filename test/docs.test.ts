/**
 * Every code block of the documentation runs, in order, each document in a folder of its own.
 *
 * - A `bloom NAME` or `ded NAME` block is saved under that name and must check, and a `bloom` block
 *   must be formatted. Blocks of `bloom-wrong NAME`, `bloom-unformatted NAME` and of files that
 *   programs use (`jsonl`, `csv`, `txt`, `toml`, `ts`, `js`, each with a NAME) are only saved.
 * - A `console` block is a session: `$ trellis ...` (with `< FILE` behind it for standard input) or
 *   `$ node FILE` lines and the output they print, where a line `...` stands for any lines. With TRELLIS_UPDATE_DOCS=1 the output of sessions without `...` is
 *   written into the document instead.
 * - An `sh` block holds npm commands that package.json knows.
 */
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { codeBlocks } from './support/markdown-blocks.js';
import type { CodeBlock } from './support/markdown-blocks.js';
import { repositoryRoot, runScript, runTrellis } from './support/trellis-command.js';

const written = ['.', 'src', 'grammar', 'examples'].flatMap((start) =>
  readdirSync(join(repositoryRoot, start), { recursive: start !== '.' })
    .map((path) => join(start, String(path)))
    .filter((path) => path.endsWith('.md')),
);
const documents = written.sort();
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'trellis-docs-'));
  symlinkSync(join(repositoryRoot, 'examples'), join(folder, 'examples'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(repositoryRoot, join(folder, 'node_modules', 'trellis'));
  folders.push(folder);
  return folder;
}

const updates = process.env['TRELLIS_UPDATE_DOCS'] === '1';
const saved = new Set([
  'bloom-wrong',
  'bloom-unformatted',
  'jsonl',
  'csv',
  'txt',
  'toml',
  'ts',
  'js',
]);

const packageJson = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

describe.each(documents)('%s', (path) => {
  const document = join(repositoryRoot, path);
  const blocks = codeBlocks(readFileSync(document, 'utf8'));
  const folder = newFolder();
  it.each(blocks.map((block) => [`${block.language} block at line ${block.line}`, block] as const))(
    '%s',
    async (_, block) => {
      await runBlock({ block, folder, document });
    },
  );
  it('has only closed blocks', () => {
    expect(blocks.every((block) => block.language !== '')).toBe(true);
  });
});

interface Run {
  readonly block: CodeBlock;
  readonly folder: string;
  /** Path of the Markdown file. */
  readonly document: string;
}

async function runBlock(run: Run): Promise<void> {
  const { language, argument } = run.block;
  if (language === 'bloom' || language === 'ded') return runProgram(run);
  if (language === 'console') return runSession(run);
  if (language === 'sh') return runScripts(run.block);
  if (!saved.has(language)) throw new Error(`no way to run a block of ${language}`);
  expect(argument, 'a file needs a name').not.toBe('');
  save(run, argument);
}

function save({ block, folder }: Run, name: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), block.text);
}

async function runProgram(run: Run): Promise<void> {
  const { language, argument } = run.block;
  const name = argument === '' ? `example.${language}` : argument;
  save(run, name);
  const result = await runTrellis(['check', name], { cwd: run.folder });
  expect(result.stderr).not.toContain('error');
  expect(result.code).toBe(0);
  if (language !== 'bloom') return;
  const { stdout } = await runTrellis(['fmt', '-'], { cwd: run.folder, input: run.block.text });
  expect(run.block.text).toBe(stdout);
}

async function runSession({ block, folder, document }: Run): Promise<void> {
  const commands = block.text.split(/^\$ /m).slice(1);
  expect(commands.length).toBeGreaterThan(0);
  let session = '';
  for (const entry of commands) {
    const [command = '', ...expected] = entry.trimEnd().split('\n');
    const [line = '', fed] = command.replace(/^npx /, '').split(' < ');
    const words = line.split(/\s+/);
    expect(['trellis', 'node']).toContain(words[0]);
    const run = words[0] === 'node' ? runScript : runTrellis;
    const input = fed === undefined ? {} : { input: readFileSync(join(folder, fed), 'utf8') };
    const { stdout, stderr } = await run(words.slice(1), { cwd: folder, ...input });
    const printed = (stdout + stderr).trimEnd();
    const shown = expected.join('\n').trim();
    session += `$ ${command}\n${printed === '' ? '' : `${printed}\n`}`;
    if (!updates && !matches(printed, shown)) expect(printed).toBe(shown);
  }
  if (updates && !/\.\.\.$/m.test(block.text)) {
    const text = readFileSync(document, 'utf8');
    writeFileSync(
      document,
      text.replace(block.text, () => session),
    );
  }
}

/** Whether the output is the one shown, where a line `...`, or `(...)`, stands for anything. */
function matches(printed: string, shown: string): boolean {
  const pattern = shown
    .split(/^\.\.\.$|\.\.\.(?=\))/m)
    .map(escapePattern)
    .join('[^]*');
  return new RegExp(`^${pattern}$`).test(printed);
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function runScripts(block: CodeBlock): void {
  for (const line of block.text.trim().split('\n')) {
    for (const command of line.split('&&').map((part) => part.trim())) {
      const script = /^npm (?:run )?(\S+)$/.exec(command)?.[1];
      expect(
        script === 'ci' || script === 'install' || packageJson.scripts[script ?? ''] !== undefined,
        command,
      ).toBe(true);
    }
  }
}
