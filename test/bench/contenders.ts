/** Running contenders, each measurement in a fresh process, and what they need for that. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.js';
import type { Workload } from './workloads.js';

export interface Measurement {
  readonly ms: number;
  /** Of what the workload derives, with indexes. */
  readonly bytes: number | null;
  readonly rssMb: number;
}

/** `null`: the contender failed, which `problems` tells. */
export type Contender = () => Measurement | null;

export interface Bench {
  readonly contender: (workload: Workload, name: string) => Contender;
  /** The kernels of a folder, by the way each is run. */
  readonly given: (workload: Workload, kernels: string) => readonly Contender[];
  readonly problems: string[];
  readonly close: () => void;
}

export interface BenchOptions {
  /** Times the main thread instead of the wall clock. */
  readonly thread: boolean;
  /** A folder with data for given kernels; else it is made. */
  readonly data: string | null;
}

/** Longer nobody is waited for. */
const seconds = 300;

/** Bundles the measuring process, so that it starts at once and nothing is translated in it. */
export async function openBench({ thread, data }: BenchOptions): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'trellis-bench-'));
  const program = join(folder, 'measure.mjs');
  await bundle(fileURLToPath(new URL('measure.ts', import.meta.url)), program);
  const clock = new URL('thread-clock.mjs', import.meta.url).href;
  const flags = ['--max-old-space-size=8192', ...(thread ? ['--import', clock] : [])];
  const problems: string[] = [];
  const start = (file: string, words: readonly string[]): string | null => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, file, ...words], {
      encoding: 'utf8',
      timeout: seconds * 1000,
    });
    if (status === 0) return stdout;
    problems.push(
      `${[file, ...words].join(' ')}: ${stderr.trim().split('\n').slice(-4).join(' | ')}`,
    );
    return null;
  };
  const expect = (what: string, found: unknown, wanted: unknown): void => {
    if (JSON.stringify(found) !== JSON.stringify(wanted))
      problems.push(`${what} finds ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
  };
  return {
    problems,
    contender:
      ({ name, sizes }, contender) =>
      () => {
        const text = start(program, [name, contender]);
        if (text === null) return null;
        const found = JSON.parse(text) as Measurement & { readonly sizes: unknown };
        expect(`${name}: ${contender}`, found.sizes, sizes);
        return { ms: found.ms, rssMb: found.rssMb, bytes: found.bytes ?? null };
      },
    given(workload, kernels) {
      if (workload.given.length === 0) return [];
      const input = data === null ? writeData(folder, workload) : join(data, workload.name);
      return workload.given.map(([file, ...words]) => () => {
        const text = start(join(kernels, file!), [...words, input]);
        if (text === null) return null;
        const [, s] = /sec=([\d.]+)/.exec(text) ?? [];
        const [, rss] = /rssMB=(\d+)/.exec(text) ?? [];
        const found = [...text.matchAll(/\b(?:n|vf|ma|va)=(\d+)/g)].map(([, n]) => Number(n));
        expect(`${workload.name}: ${file}`, found, Object.values(workload.sizes));
        return { ms: Number(s) * 1000, rssMb: Number(rss), bytes: null };
      });
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The facts as files of tab-separated ints. */
function writeData(folder: string, { name, facts }: Workload): string {
  const target = join(folder, name);
  mkdirSync(target, { recursive: true });
  for (const [relation, columns] of Object.entries(facts())) {
    const lines = Array.from(columns[0]!, (_, i) => columns.map((column) => column[i]!).join('\t'));
    writeFileSync(join(target, `${relation}.tsv`), `${lines.join('\n')}\n`);
  }
  return target;
}
