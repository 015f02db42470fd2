/** Types the aggregates of heads. */
import { aggregates } from '../builtins/aggregates.js';
import type * as ast from '../syntax/ast.js';
import { matchSignatures } from './match-signature.js';
import type { AggregateName, HeadArgument } from './program.js';
import { hasUnknown, sameType, typeText, unknownType } from './relate-types.js';
import { typeTerm, type Scope } from './type-term.js';

function isAggregateName(name: string): name is AggregateName {
  return (aggregates as ReadonlyMap<string, unknown>).has(name);
}

/** The resolved aggregate; null after an error. */
export function typeAggregate(
  argument: ast.HeadArgument & { kind: 'aggregate' },
  scope: Scope,
): HeadArgument | null {
  const { text, span } = argument.function;
  const terms = argument.arguments.map((term) => typeTerm(term, scope));
  if (!isAggregateName(text)) {
    reportUnavailable(argument.function, scope);
    return null;
  }
  const { signatures } = aggregates.get(text)!;
  const types = terms.map((term) => term.type);
  const matches = matchSignatures(signatures, types);
  const first = matches[0];
  if (first !== undefined) {
    // An argument of unknown type fits several: then only what they agree on is known.
    const isUncertain =
      types.some(hasUnknown) && matches.some((match) => !sameType(match.result, first.result));
    const type = isUncertain ? unknownType : first.result;
    return { kind: 'aggregate', function: text, arguments: terms, type, span: argument.span };
  }
  const expected = [
    ...new Set(signatures.map((signature) => signature.parameters.join(', ') || '*')),
  ].map((each) => `${text}<${each}>`);
  scope.reporter.error(
    'TRL0312',
    span,
    `\`${text}\` cannot aggregate ${terms.length === 0 ? '`*`' : terms.map((term) => typeText(term.type)).join(' and ')}`,
    {
      secondary: terms.map((term) => ({ span: term.span, text: `this is ${typeText(term.type)}` })),
      notes: [`it is ${expected.join(' or ')}`],
      help: text === 'sum' ? 'sum a column of type int or float' : `write ${expected[0]!}`,
    },
  );
  return null;
}

/** The parser has refused names that are no aggregates at all. */
function reportUnavailable({ text, span }: ast.Identifier, scope: Scope): void {
  const instead = new Map([
    ['avg', 'derive `sum` and `count`, and divide'],
    ['choose', '`min` chooses too'],
  ]).get(text);
  scope.reporter.error(
    'TRL0212',
    span,
    `the aggregate \`${text}\` is not available in this version`,
    {
      help: instead ?? `the aggregates are ${[...aggregates.keys()].join(', ')}`,
    },
  );
}
