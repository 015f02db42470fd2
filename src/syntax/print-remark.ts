/** The statements about a program as canonical text. */
import type {
  Assumption,
  Coordination,
  Identifier,
  Invariant,
  Literal,
  PlacedConjunction,
  Seal,
  StatementAtom,
} from './ast.js';
import { valueText } from '../base/value-text.js';
import { printArguments, printTerm } from './print-term.js';

const lineWidth = 100;
const identifierPattern = /^[A-Za-z_]\w*$/;

/** The statement without documentation and `;`. */
export function printRemark(
  statement: Seal | Assumption | Coordination | Invariant,
  printLiteral: (literal: Literal) => string,
): string {
  switch (statement.kind) {
    case 'seal': {
      const on = statement.on === null ? '' : ` on ${printNames(statement.on)}`;
      const from = statement.from === null ? '' : ` from ${printAtom(statement.from)}`;
      return `seal ${statement.relation.text}${on}${from} when ${printAtom(statement.when)}`;
    }
    case 'assume': {
      const { text } = statement.rule;
      const name = identifierPattern.test(text) ? text : valueText(text);
      return `assume ${name} ${valueText(statement.reason)}`;
    }
    case 'coordinate': {
      const key = statement.key === null ? '' : ` ${printNames(statement.key)}`;
      return `coordinate ${statement.relation.text} ${statement.mechanism}${key}`;
    }
    case 'invariant':
      return printInvariant(statement, printLiteral);
  }
}

function printInvariant({ name, body }: Invariant, printLiteral: (l: Literal) => string): string {
  const conjunction = ({ literals }: PlacedConjunction): readonly string[] =>
    literals.map(
      ({ literal, place }) =>
        `${printLiteral(literal)}${place === null ? '' : `@${printTerm(place)}`}`,
    );
  const parts = body.map(conjunction);
  const start = `invariant ${name.text}: !(`;
  const line = `${start}${parts.map((part) => part.join(', ')).join(' | ')})`;
  if (line.length < lineWidth) return line;
  return `${start}\n    ${parts.map((part) => part.join(',\n    ')).join('\n  | ')})`;
}

function printNames(names: readonly Identifier[]): string {
  return `(${names.map(({ text }) => text).join(', ')})`;
}

function printAtom({ relation, arguments: items }: StatementAtom): string {
  return `${relation.text}(${printArguments(items)})`;
}
