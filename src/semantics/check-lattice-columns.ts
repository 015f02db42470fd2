/**
 * Where lattice columns may stand: right of `=>`, so that tuples with one key merge. In a key a value
 * that grows would make a new tuple at every step. A `lattice` declaration holds a lattice, and a
 * tuple column is merged as a whole or not at all.
 */
import type * as ast from '../syntax/ast.js';
import { holdsLattice, isLatticeType } from './lattice-shape.js';
import { kindPhrase, type RelationDraft } from './relation-draft.js';
import { typeText } from './relate-types.js';
import type { Reporter } from './reporter.js';
import type { Type } from './types.js';

/** Reports lattices in places where nothing merges them. */
export function checkLatticeColumns(
  declaration: ast.Declaration,
  columns: RelationDraft['columns'],
  reporter: Reporter,
): void {
  const { collection, name, keyLength } = declaration;
  for (const [i, column] of columns.entries()) {
    const written = declaration.columns?.[i]?.type ?? null;
    if (written === null || column.type.kind === 'unknown') continue;
    if (holdsLattice(column.type) && !isLatticeType(column.type)) {
      reporter.error(
        'TRL0340',
        written.span,
        `this tuple mixes plain values and lattices, so it cannot merge: ${typeText(column.type)}`,
        { help: 'make each part a column of its own, the plain ones left of `=>`' },
      );
    } else if (collection === 'lattice' && !isLatticeType(column.type)) {
      reporter.error(
        'TRL0340',
        written.span,
        `\`lattice ${name.text}\` holds one value that only grows, and ${typeText(column.type)} is no lattice`,
        { help: latticeFor(column.type) },
      );
    } else if (isLatticeType(column.type) && i < (keyLength ?? columns.length)) {
      reportInKey(declaration, i, reporter);
    }
  }
}

function latticeFor(type: Type): string {
  if (type.kind === 'bool') return 'write `lbool`';
  if (type.kind === 'set') return `write \`lset<${typeText(type.item)}>\``;
  return `write \`lmax<${typeText(type)}>\`, \`lset<${typeText(type)}>\` or another lattice`;
}

function reportInKey(declaration: ast.Declaration, index: number, reporter: Reporter): void {
  const { name, collection, keyLength } = declaration;
  const columns = declaration.columns!;
  const column = columns[index]!;
  const hasOthers = columns.slice(0, index).length > 0;
  const { span } = column;
  reporter.error(
    'TRL0341',
    span,
    keyLength === null
      ? `\`${column.name.text}\` is a lattice, but ${kindPhrase(collection)} without \`=>\` has all its columns in the key`
      : `\`${column.name.text}\` is a lattice, but it stands left of \`=>\`, in the key of \`${name.text}\``,
    {
      text: 'this value grows, and tuples are merged by key',
      help: 'put `=>` before the lattice columns: tuples with the same key then merge',
      fixes:
        keyLength === null && index > 0
          ? [
              {
                title: 'put `=>` before it',
                edits: [
                  { span: behindComma(declaration, index), text: hasOthers ? ' => ' : '=> ' },
                ],
              },
            ]
          : [],
    },
  );
}

/** From behind the column before to this column: the comma and the space. */
function behindComma(declaration: ast.Declaration, index: number): ast.Identifier['span'] {
  const before = declaration.columns![index - 1]!.span;
  return { ...before, start: before.end, end: declaration.columns![index]!.span.start };
}
