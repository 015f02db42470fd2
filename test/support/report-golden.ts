/** Golden programs of reports: the source, and the workload that its comments name. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Value } from '../../src/base/value.js';
import { reportProgram } from './report-program.js';
import type { ReportedProgram } from './report-program.js';
import { repositoryRoot } from './trellis-command.js';

export const reportsFolder = join(repositoryRoot, 'test/golden/reports');

/** Lines `// nodes: A, B` and `// input: NODE RELATION VALUE...` (values as JSON) give the workload. */
export function reportGolden(name: string): ReportedProgram & { readonly source: string } {
  const source = readFileSync(join(reportsFolder, `${name}.bloom`), 'utf8');
  const nodes = /^\/\/ nodes: (.*)$/m.exec(source)![1]!.split(', ');
  const inputs = [...source.matchAll(/^\/\/ input: (\S+) (\S+) (.*)$/gm)].map(
    ([, node, relation, values]) =>
      [node!, relation!, values!.split(' ').map((value) => JSON.parse(value) as Value)] as const,
  );
  return { source, ...reportProgram(source, { nodes, inputs, path: `${name}.bloom` }) };
}
