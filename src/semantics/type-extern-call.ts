/**
 * Types the call of a function from TypeScript against its declaration. Such a call is never
 * folded: its value is known only once the program runs.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import { adaptConstant } from './constants.js';
import type { ExternFunction, Term } from './program.js';
import { fits, isOpen, typeText, unknownType } from './relate-types.js';
import { plainTerm } from './type-lattice-call.js';
import type { Scope } from './type-term.js';

/** The resolved call; poison after an error. `typed` are the operands, typed without expectation. */
export function typeExternCall(
  extern: ExternFunction,
  operands: readonly ast.Term[],
  typed: readonly Term[],
  span: Span,
  scope: Scope,
): Term {
  const { name, parameters, result } = extern;
  const shown = `${name}(${parameters.map((p) => `${p.name}: ${typeText(p.type)}`).join(', ')})`;
  if (operands.length !== parameters.length) {
    const wanted = parameters.length === 1 ? '1 argument' : `${parameters.length} arguments`;
    scope.reporter.error('TRL0254', span, `\`${name}\` takes ${wanted}, not ${operands.length}`, {
      secondary: [{ span: extern.span, text: 'declared here' }],
      help: `write \`${shown}\``,
    });
    return { kind: 'wildcard', type: unknownType, span };
  }
  const arguments_ = typed.map((written, i) => {
    const { type } = parameters[i]!;
    const plain = plainTerm(written);
    const term = plain.kind === 'constant' ? adaptConstant(plain, type) : plain;
    if (term.kind === 'variable' && isOpen(term.type)) scope.hint?.(term.name, type, term.span);
    else if (!fits(term.type, type)) {
      scope.reporter.error(
        'TRL0254',
        term.span,
        `\`${parameters[i]!.name}\` of \`${name}\` is ${typeText(type)}, but this is ${typeText(term.type)}`,
        {
          secondary: [{ span: extern.span, text: 'declared here' }],
          help: `it is \`${shown}\``,
        },
      );
    }
    return term;
  });
  return { kind: 'apply', function: name, arguments: arguments_, type: result, span };
}
