/** A `trellis node` process for tests that need real sockets. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from './trellis-command.js';

const trellisScript = join(repositoryRoot, 'dist/src/cli/main.js');

export class NodeProcess {
  readonly #child: ChildProcess;
  readonly #closed: Promise<number | null>;
  #text = '';
  readonly #waiting: (() => void)[] = [];

  constructor(words: readonly string[], cwd: string) {
    this.#child = spawn(process.execPath, [trellisScript, 'node', ...words], {
      cwd,
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#closed = new Promise((resolve) => {
      this.#child.on('close', (code) => {
        resolve(code);
        this.#wake();
      });
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#text += text;
        this.#wake();
      });
    }
  }

  /** Everything that it has said on both streams. */
  get text(): string {
    return this.#text;
  }

  /** Settles when it has said something that matches; fails when it ends before. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#text);
      if (match !== null) return match;
      if (this.#child.exitCode !== null)
        throw new Error(
          `the node ended (${this.#child.exitCode}) without ${String(pattern)}:\n${this.#text}`,
        );
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** The port that it listens on. */
  async port(): Promise<number> {
    return Number((await this.until(/listens on ws:\/\/127\.0\.0\.1:(\d+)/))[1]);
  }

  say(line: string): void {
    this.#child.stdin!.write(`${line}\n`);
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    return this.#closed;
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
