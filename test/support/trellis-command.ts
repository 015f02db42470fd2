/** Runs the built command line as a user would, in a process of its own. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));
/** The command line's entry, as built. */
export const trellisScript = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface CommandOptions {
  readonly cwd?: string;
  /** Goes to its standard input. */
  readonly input?: string;
}

/** Runs `trellis` with the given words. */
export function runTrellis(
  words: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return runScript([trellisScript, ...words], options);
}

/** Runs a script of JavaScript, the first of the words, with the others. */
export function runScript(
  words: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, {
      cwd: options.cwd ?? repositoryRoot,
      env: { ...process.env, NO_COLOR: '1' },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ stdout, stderr, code }));
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}
