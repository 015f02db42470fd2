/** The built command line as a process that runs until it is stopped. */
import { spawn } from 'node:child_process';
import { repositoryRoot, trellisScript } from './trellis-command.js';
import type { CommandResult } from './trellis-command.js';

export interface TrellisProcess {
  /** Resolves with the match when what was written so far has it; fails if the process ends first. */
  until(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray>;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<CommandResult>;
}

/** Starts `trellis`; its standard input stays open. `environment`: beside that of the tests. */
export function startTrellis(
  words: readonly string[],
  cwd = repositoryRoot,
  environment: Readonly<Record<string, string>> = {},
): TrellisProcess {
  const child = spawn(process.execPath, [trellisScript, ...words], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...environment },
  });
  const written = { stdout: '', stderr: '' };
  const waiters = new Set<() => void>();
  let code: number | null | undefined;
  const wake = (): void => waiters.forEach((waiter) => waiter());
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text;
      wake();
    });
  const ended = new Promise<CommandResult>((resolve) => {
    child.on('close', (exitCode) => {
      code = exitCode;
      wake();
      resolve({ ...written, code: exitCode });
    });
  });
  return {
    ended,
    signal: (name) => child.kill(name),
    until: (stream, pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(written[stream]);
          if (match === null && code === undefined) return;
          waiters.delete(look);
          if (match !== null) return resolve(match);
          const told = `${written.stdout}\n${written.stderr}`;
          reject(new Error(`trellis ended (${code}) without ${String(pattern)}:\n${told}`));
        };
        waiters.add(look);
        look();
      }),
  };
}
