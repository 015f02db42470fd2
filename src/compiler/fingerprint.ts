/**
 * The texts from which nodes tell whether they run the same system: each part apart, so that a
 * refusal can say which one differs. Comments, spans, facts and node-local statics do not count.
 */
import type { CoordinationPlan } from '../rewrite/coordination-plan.js';
import { findLattice } from '../lattice/lattices.js';
import type { Program } from '../semantics/program.js';
import { programToModule } from '../semantics/program-to-module.js';
import { typeParts } from '../semantics/relate-types.js';
import type { Type } from '../semantics/types.js';
import { printModule } from '../syntax/print.js';
import { valueText } from '../base/value-text.js';

/** Canonical texts; the host hashes them. */
export interface FingerprintTexts {
  readonly language: string;
  readonly program: string;
  readonly params: string;
  readonly coordination: string;
}

/** Version of the language's meaning: nodes of different versions refuse each other. */
const languageVersion = '1';

export function fingerprintTexts(
  program: Program,
  plan: CoordinationPlan,
  members: readonly string[],
): FingerprintTexts {
  const withoutFacts = { ...program, name: '', facts: [], params: [] };
  const channels = plan.orderedLog?.channels ?? [];
  return {
    language: languageVersion,
    program: [
      printModule(programToModule(withoutFacts)),
      ...program.functions.map(({ file }) => file?.source.text ?? ''),
      ...outerLattices(program),
    ].join('\n'),
    params: program.params.map(({ name, value }) => `${name} = ${valueText(value)}`).join('\n'),
    coordination:
      channels.length === 0
        ? 'none'
        : JSON.stringify({ log: [...channels].sort(), members: [...members].sort() }),
  };
}

/** All that decides how a program runs, its facts and params included: what a replay depends on. */
export function replayText(program: Program): string {
  return [
    languageVersion,
    printModule(programToModule({ ...program, name: '' })),
    ...program.params.map(({ name, value }) => `${name} = ${valueText(value)}`),
    ...program.functions.map(({ file }) => file?.source.text ?? ''),
    ...outerLattices(program),
  ].join('\n');
}

/** How the lattices from TypeScript are declared that the program's columns hold. */
function outerLattices({ relations }: Program): readonly string[] {
  const declarations = new Set<string>();
  const visit = (type: Type): void => {
    const declaration = type.kind === 'lattice' ? findLattice(type.name)?.declaration : undefined;
    if (declaration !== undefined) declarations.add(declaration);
    typeParts(type).forEach(visit);
  };
  for (const { columns } of relations.values()) for (const { type } of columns) visit(type);
  return [...declarations].sort();
}
