/**
 * Lattice types as written: the right number of parameters, lattices where a lattice is held and
 * plain types where values are.
 */
import { lattices } from '../lattice/lattices.js';
import type { TypeExpression } from '../syntax/ast.js';
import { holdsLattice, isLatticeType } from './lattice-shape.js';
import { typeText, unknownType } from './relate-types.js';
import type { Reporter } from './reporter.js';
import type { Type } from './types.js';

const examples: ReadonlyMap<string, string> = new Map([
  ['lmap', 'lmap<string, lmax<int>>'],
  ['ldom', 'ldom<lvclock, lset<string>>'],
  ['lpset', 'lpset<int>'],
]);
const numeric: readonly string[] = ['int', 'nat', 'float', 'unknown'];

/** The lattice type of that name; `unknown` after an error. */
export function readLatticeType(
  expression: TypeExpression,
  items: readonly Type[],
  reporter: Reporter,
): Type {
  const { name, span } = expression;
  // Those that are lent from TypeScript take none.
  const parameters = lattices.get(name)?.parameters ?? [];
  const example = examples.get(name) ?? (parameters.length === 0 ? name : `${name}<int>`);
  if (parameters.length !== items.length) {
    const counts = ['no type arguments', 'one type argument', 'two type arguments'];
    reporter.error(
      'TRL0307',
      span,
      `\`${name}\` takes ${counts[parameters.length]!}, not ${items.length}`,
      { help: `write \`${example}\`${parameters.length === 0 ? '' : ', for example'}` },
    );
    return unknownType;
  }
  for (const [i, wanted] of parameters.entries()) {
    const item = items[i]!;
    const isFit = wanted === 'lattice' ? isLatticeType(item) : !holdsLattice(item);
    if (item.kind === 'unknown') return unknownType;
    if (isFit) continue;
    reporter.error(
      'TRL0340',
      expression.arguments[i]!.span,
      wanted === 'lattice'
        ? `\`${name}\` merges what it holds here, and ${typeText(item)} is no lattice`
        : `\`${name}\` holds plain values here, and ${typeText(item)} is a lattice`,
      { help: `write \`${example}\`, for example` },
    );
    return unknownType;
  }
  if (name === 'lpset' && !numeric.includes(items[0]!.kind)) {
    reporter.error('TRL0340', span, `\`lpset\` holds numbers, not ${typeText(items[0]!)}`, {
      help: 'write `lpset<int>` or `lpset<float>`, or `lset` for other values',
    });
    return unknownType;
  }
  return { kind: 'lattice', name, arguments: items };
}

/** Whether a list, set or map holds plain values only, which is an error otherwise. */
export function checkPlain(
  expression: TypeExpression,
  items: readonly Type[],
  reporter: Reporter,
): boolean {
  const index = items.findIndex(holdsLattice);
  if (index === -1) return true;
  const { name } = expression;
  reporter.error(
    'TRL0340',
    expression.arguments[index]!.span,
    `nothing inside a ${name} is merged, so it holds no lattice like ${typeText(items[index]!)}`,
    {
      help:
        name === 'map'
          ? 'write `lmap<K, L>` for a map whose values merge'
          : 'write `lset<T>` for a set that merges, or a plain type inside',
    },
  );
  return false;
}
