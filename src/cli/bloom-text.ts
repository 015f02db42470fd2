/**
 * Programs as `.bloom` text, those of the Dedalus dialect as nodes run them. What is evaluated over
 * all nodes has no `.bloom` form; it stands behind the program as comments, in the dialect.
 */
import type { Compilation } from '../compiler/compile-source.js';
import { withLegalNames } from '../semantics/legal-names.js';
import { programToModule } from '../semantics/program-to-module.js';
import type { Program } from '../semantics/program.js';
import { printDedalus } from '../syntax/print-dedalus.js';
import { printModule } from '../syntax/print.js';

/** A program of nodes as `.bloom` text that parses to itself. */
export function bloomText(program: Program, { dedalus }: Compilation): string {
  const module = programToModule(program);
  if (dedalus === null) return printModule(module);
  const asserted = new Set(dedalus.dedalus?.assertions?.program.rules.map((r) => r.head.relation));
  const statements = dedalus.module.statements.filter(
    (statement) => statement.kind === 'clause' && asserted.has(statement.head.relation.text),
  );
  const text = printModule(withLegalNames(module));
  if (statements.length === 0) return text;
  const lines = printDedalus({ ...dedalus.module, statements })
    .trimEnd()
    .split('\n');
  return `${text}\n// over all nodes:\n${lines.map((line) => `// ${line}\n`).join('')}`;
}
