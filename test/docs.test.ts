/**
 * Every code block of the documentation runs. A `bloom NAME` block is saved under that name and must
 * check, a `bloom-wrong NAME` block is only saved; a `console` block is a session: `$ trellis ...`
 * lines and the output they print, where a line `...` stands for any lines and `(...)` for any words
 * in parentheses; an `sh` block holds npm commands that package.json knows.
 */
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { codeBlocks } from './support/markdown-blocks.js';
import type { CodeBlock } from './support/markdown-blocks.js';
import { repositoryRoot, runTrellis } from './support/trellis-command.js';

const written = ['.', 'src', 'grammar', 'examples'].flatMap((start) =>
  readdirSync(join(repositoryRoot, start), { recursive: start !== '.' })
    .map((path) => join(start, String(path)))
    .filter((path) => path.endsWith('.md')),
);
const packageJson = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** A folder with the programs of a document, so that its blocks can run in any order, several at once. */
function folderFor(blocks: readonly CodeBlock[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'trellis-docs-'));
  folders.push(folder);
  symlinkSync(join(repositoryRoot, 'examples'), join(folder, 'examples'));
  const names = blocks.filter(isProgram).map(nameOf);
  expect(names, 'two programs of one name').toEqual([...new Set(names)]);
  for (const block of blocks.filter(isProgram))
    writeFileSync(join(folder, nameOf(block)), block.text);
  return folder;
}

function isProgram({ language }: CodeBlock): boolean {
  return language === 'bloom' || language === 'bloom-wrong';
}

function nameOf({ argument, line }: CodeBlock): string {
  return argument === '' ? `line-${line}.bloom` : argument;
}

describe.each(written.sort())('%s', (path) => {
  const blocks = codeBlocks(readFileSync(join(repositoryRoot, path), 'utf8'));
  const folder = folderFor(blocks);
  const cases = blocks.map(
    (block) => [`${block.language} block at line ${block.line}`, block] as const,
  );
  it.concurrent.each(cases)('%s', async (_, block) => runBlock(block, folder));
  it('has only closed blocks', () => {
    expect(blocks.every((block) => block.language !== '')).toBe(true);
  });
});

it('finds the session of the changelog, which stands in a list', () => {
  const blocks = codeBlocks(readFileSync(join(repositoryRoot, 'CHANGELOG.md'), 'utf8'));
  expect(blocks.map(({ language }) => language)).toContain('console');
});

it('takes a session for wrong whose output differs, and dots for anything', () => {
  const printed = 'one (1, 2)\ntwo\nthree';
  for (const shown of [printed, 'one (...)\ntwo\nthree', 'one (1, 2)\n...', '...\nthree'])
    expect(isShown(shown, printed), shown).toBe(true);
  for (const shown of ['one (...)\nthree', 'one\n...', 'one (...) x\n...', 'two\n...'])
    expect(isShown(shown, printed), shown).toBe(false);
});

async function runBlock(block: CodeBlock, folder: string): Promise<void> {
  switch (block.language) {
    case 'bloom':
      return checkProgram(nameOf(block), folder);
    case 'bloom-wrong':
      return;
    case 'console':
      return runSession(block, folder);
    case 'sh':
      return runScripts(block);
    default:
      throw new Error(`no way to run a block of ${block.language}`);
  }
}

async function checkProgram(name: string, folder: string): Promise<void> {
  const result = await runTrellis(['check', name], { cwd: folder });
  expect(result.stderr).not.toContain('error');
  expect(result.code).toBe(0);
}

async function runSession(block: CodeBlock, folder: string): Promise<void> {
  const commands = block.text.split(/^\$ /m).slice(1);
  expect(commands.length).toBeGreaterThan(0);
  for (const entry of commands) {
    const [command = '', ...expected] = entry.trimEnd().split('\n');
    const words = command.replace(/^npx /, '').split(/\s+/);
    expect(words[0]).toBe('trellis');
    const { stdout, stderr } = await runTrellis(words.slice(1), { cwd: folder });
    const printed = (stdout + stderr).trimEnd();
    const shown = expected.join('\n').trim();
    if (!isShown(shown, printed)) expect(printed).toBe(shown);
  }
}

/** Whether the output is what a session shows: a line `...` stands for any lines, `(...)` for any words in parentheses. */
function isShown(shown: string, printed: string): boolean {
  const pattern = shown
    .split(/(^\.\.\.$|(?<=\()\.\.\.(?=\)))/m)
    .map((part, i) => (i % 2 === 0 ? escapePattern(part) : part))
    .map((part, i, parts) => {
      if (i % 2 === 0) return part;
      return parts[i - 1]!.endsWith('(') ? '[^\n]*' : '[^]*';
    });
  return new RegExp(`^${pattern.join('')}$`).test(printed);
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
