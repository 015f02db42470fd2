/**
 * Every code block of the documentation runs. A `bloom NAME` block is saved under that name and must
 * check, a `bloom-wrong NAME` block is saved for the session after it; a `console` block is a session: `$ trellis ...` lines and the output they print, where a
 * line `...` stands for any lines; an `sh` block holds npm commands that package.json knows.
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
const documents = written.sort();
const folder = mkdtempSync(join(tmpdir(), 'trellis-docs-'));
symlinkSync(join(repositoryRoot, 'examples'), join(folder, 'examples'));
afterAll(() => rmSync(folder, { recursive: true }));

const packageJson = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

describe.each(documents)('%s', (path) => {
  const blocks = codeBlocks(readFileSync(join(repositoryRoot, path), 'utf8'));
  it.each(blocks.map((block) => [`${block.language} block at line ${block.line}`, block] as const))(
    '%s',
    async (_, block) => {
      await runBlock(block);
    },
  );
  it('has only closed blocks', () => {
    expect(blocks.every((block) => block.language !== '')).toBe(true);
  });
});

async function runBlock(block: CodeBlock): Promise<void> {
  if (block.language === 'bloom') return runProgram(block);
  if (block.language === 'bloom-wrong')
    return writeFileSync(join(folder, block.argument), block.text);
  if (block.language === 'console') return runSession(block);
  if (block.language === 'sh') return runScripts(block);
  throw new Error(`no way to run a block of ${block.language}`);
}

async function runProgram(block: CodeBlock): Promise<void> {
  const name = block.argument === '' ? 'example.bloom' : block.argument;
  writeFileSync(join(folder, name), block.text);
  const result = await runTrellis(['check', name], { cwd: folder });
  expect(result.stderr).not.toContain('error');
  expect(result.code).toBe(0);
}

async function runSession(block: CodeBlock): Promise<void> {
  const commands = block.text.split(/^\$ /m).slice(1);
  expect(commands.length).toBeGreaterThan(0);
  for (const entry of commands) {
    const [command = '', ...expected] = entry.trimEnd().split('\n');
    const words = command.replace(/^npx /, '').split(/\s+/);
    expect(words[0]).toBe('trellis');
    const { stdout, stderr } = await runTrellis(words.slice(1), { cwd: folder });
    const printed = (stdout + stderr).trimEnd();
    const shown = expected.join('\n').trim();
    const pattern = shown
      .split(/^\.\.\.$|\.\.\.(?=\))/m)
      .map(escapePattern)
      .join('[^]*');
    if (!new RegExp(`^${pattern}$`).test(printed)) expect(printed).toBe(shown);
  }
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
