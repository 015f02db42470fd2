/**
 * The cases of `test/golden/analysis`: a folder each, with `program.bloom` (its first line names the
 * row of the tables that it covers, the second the nodes), `inputs.jsonl` with the workload that shows
 * the matter, if it needs one, and `report.txt` with what the analysis says. Any tool may run them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from '../../src/base/value.js';
import { compileSource, defaultCompileOptions } from '../../src/compiler/compile-source.js';
import type { CompiledProgram } from '../../src/compiler/compile-source.js';
import { renderText } from '../../src/diagnostics/render-text.js';
import { diskLoader } from '../../src/files/disk-loader.js';
import { repositoryRoot } from './trellis-command.js';

const analysisFolder = join(repositoryRoot, 'test/golden/analysis');

const library = join(repositoryRoot, 'src/std');

export interface AnalysisCase {
  readonly name: string;
  readonly folder: string;
  /** Path of the program. */
  readonly path: string;
  readonly text: string;
  readonly nodes: readonly string[];
  /** Node, input, row. */
  readonly inputs: readonly (readonly [string, string, Row])[];
}

/** All cases, by name. */
export function analysisCases(): readonly AnalysisCase[] {
  return readdirSync(analysisFolder).sort().map(readCase);
}

function readCase(name: string): AnalysisCase {
  const folder = join(analysisFolder, name);
  const path = join(folder, 'program.bloom');
  const text = readFileSync(path, 'utf8');
  const nodes = /^\/\/ nodes: (.*)$/m.exec(text)?.[1]?.split(', ') ?? ['a'];
  const file = join(folder, 'inputs.jsonl');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  const inputs = lines.map((line) => {
    const { node, rel, row } = JSON.parse(line) as { node: string; rel: string; row: Row };
    return [node, rel, row] as const;
  });
  return { name, folder, path, text, nodes, inputs };
}

/** The case's program, or an edited text of it, with the files beside it. */
export function compileCase({ path }: AnalysisCase, text: string): CompiledProgram {
  const options = { ...defaultCompileOptions, coordinate: 'none' } as const;
  const { compiled, diagnostics } = compileSource({ path, text }, options, diskLoader(library));
  if (compiled === null) throw new Error(`${renderText(diagnostics, { color: false })}\n${text}`);
  return compiled;
}
