/** Types the aggregates of heads. */
import { aggregates } from '../builtins/aggregates.js';
import type * as ast from '../syntax/ast.js';
import { matchSignatures } from './match-signature.js';
import type { AggregateName, HeadArgument } from './program.js';
import { hasUnknown, sameType, typeText, unknownType } from './relate-types.js';
import { plainTerm } from './type-lattice-call.js';
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
  const terms = argument.arguments.map((term) => plainTerm(typeTerm(term, scope)));
  if (!isAggregateName(text)) {
    reportUnknown(argument.function, scope);
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
      help:
        text === 'sum'
          ? 'sum a column of type int or float'
          : text === 'any' || text === 'every'
            ? `aggregate a boolean: \`${text}<(x > 0)>\`, for example`
            : `write ${expected[0]!}`,
    },
  );
  return null;
}

/** The parser reads only names of aggregates as such; a program that was put together otherwise may err. */
function reportUnknown({ text, span }: ast.Identifier, scope: Scope): void {
  scope.reporter.error('TRL0312', span, `there is no aggregate \`${text}\``, {
    help: `the aggregates are ${[...aggregates.keys()].join(', ')}`,
    ...scope.reporter.suggestion(text, span, aggregates.keys()),
  });
}
