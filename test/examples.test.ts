/**
 * Every folder of examples/ with a cluster file does what its `expected/` says, through the built
 * command line. The name of an expected file is the command: `report.json` is
 * `trellis report examples/NAME --format json`; simulations run 30 seeds from 1, and
 * `simulate-uncoordinated.txt` adds `--coordinate none`. `TRELLIS_UPDATE=1` rewrites them.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { matchGolden } from './support/golden-file.js';
import { repositoryRoot, runTrellis } from './support/trellis-command.js';

const examplesFolder = join(repositoryRoot, 'examples');
const examples = readdirSync(examplesFolder, { recursive: true })
  .map(String)
  .filter((path) => basename(path) === 'cluster.toml')
  .map((path) => dirname(path))
  .sort();

const optionsByCommand: Readonly<Record<string, readonly string[]>> = {
  run: [],
  // Timesteps alone, so that a slow machine finds the same.
  report: ['--budget', '10000'],
  simulate: ['--seed', '1', '--runs', '30'],
  'simulate-uncoordinated': ['--seed', '1', '--runs', '30', '--coordinate', 'none'],
};

const expectations = examples.flatMap((example) => {
  const folder = join(examplesFolder, example, 'expected');
  return existsSync(folder)
    ? readdirSync(folder).map((file) => ({ example, file, path: join(folder, file) }))
    : [];
});

/** Rows in an order of their own, for comparison as sets. */
function asTexts(rows: readonly unknown[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

describe('examples', () => {
  it.concurrent.each(expectations)('$example: $file', async ({ example, file, path }) => {
    const command = basename(file, extname(file));
    const options = optionsByCommand[command];
    expect(options, `${file} names no command`).toBeDefined();
    const format = extname(file) === '.json' ? ['--format', 'json'] : [];
    const { stdout, stderr, code } = await runTrellis([
      command.split('-')[0]!,
      `examples/${example}`,
      ...options!,
      ...format,
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    matchGolden(path, stdout);
  });

  it.each(examples)(
    '%s has a README that says what goes in and comes out, and a report and a run or simulation that are expected',
    (example) => {
      const [folder = ''] = example.split(/[\\/]/);
      const readme = readFileSync(join(examplesFolder, folder, 'README.md'), 'utf8');
      expect(readme).toMatch(/^# \S+: /);
      expect(readme.match(/^## .*$/gm)).toEqual(['## Inputs', '## What comes out', '## Report']);
      const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target);
      const data = readdirSync(join(examplesFolder, folder), { recursive: true })
        .map((path) => String(path).replaceAll('\\', '/'))
        .filter((path) => /\.(?:csv|json|jsonl|txt)$/.test(path));
      expect(links).toEqual(expect.arrayContaining(data));
      const files = expectations.filter((each) => each.example === example).map(({ file }) => file);
      expect(files).toContain('report.txt');
      expect(files.some((file) => /^(run|simulate)\./.test(file))).toBe(true);
    },
  );

  it.concurrent('package-graph: the facts are those of the lockfile', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trellis-facts-'));
    try {
      await promisify(execFile)(process.execPath, [
        join(examplesFolder, 'package-graph/make-facts.mjs'),
        join(repositoryRoot, 'package-lock.json'),
        folder,
      ]);
      const files = readdirSync(folder).sort();
      expect(files).toEqual(readdirSync(join(examplesFolder, 'package-graph/facts')).sort());
      for (const file of files) {
        expect(readFileSync(join(folder, file), 'utf8'), file).toBe(
          readFileSync(join(examplesFolder, 'package-graph/facts', file), 'utf8'),
        );
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.concurrent('seat-desk: a run sells every seat once, alike at every desk, and answers every wish once', async () => {
    const { stdout, code } = await runTrellis([
      'run',
      'examples/seat-desk',
      '--format',
      'jsonl',
      '--print',
      'sold,reply',
    ]);
    expect(code).toBe(0);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as readonly unknown[]);
    const soldAt = (desk: string): readonly unknown[] =>
      rows.filter((row) => row.length === 3 && row[0] === desk).map((row) => row.slice(1));
    const sold = soldAt('ann');
    expect(soldAt('bob')).toEqual(sold);
    expect(soldAt('cyd')).toEqual(sold);
    const replies = rows.filter((row) => row.length === 5);
    const wishes = readFileSync(join(examplesFolder, 'seat-desk/wishes.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as { readonly node: string; readonly row: readonly unknown[] },
      );
    expect(asTexts(replies.map((row) => row.slice(0, 4)))).toEqual(
      asTexts(wishes.map(({ node, row }) => [node, ...row])),
    );
    expect(new Set(wishes.map(({ row }) => row[2])).size).toBe(sold.length);
    const granted = replies.filter((row) => row[4] === 'granted').map((row) => [row[3], row[1]]);
    expect(asTexts(granted)).toEqual(asTexts(sold));
  });
});
