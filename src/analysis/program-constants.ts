/** The values that stand in a program: constants of its rules, and what its facts say. */
import type { Value } from '../base/value.js';
import type { Program, Term } from '../semantics/program.js';

/** In the order of the program, each as often as it stands there; patterns are left out. */
export function* programConstants(program: Program): Generator<Value> {
  for (const { bodies, head } of program.rules) {
    for (const argument of head.arguments)
      if (argument.kind === 'term') yield* constantsIn(argument.term);
    for (const { literals } of bodies) {
      for (const literal of literals) {
        if (literal.kind === 'atom') for (const one of literal.arguments) yield* constantsIn(one);
        if (literal.kind === 'condition' || literal.kind === 'assign')
          yield* constantsIn(literal.term);
        if (literal.kind === 'member') yield* constantsIn(literal.collection);
      }
    }
  }
  for (const { row } of program.facts) yield* row;
}

function* constantsIn(term: Term): Generator<Value> {
  if (term.kind === 'constant') yield term.value;
  if (term.kind === 'apply') for (const one of term.arguments) yield* constantsIn(one);
  if ('items' in term) for (const one of term.items) yield* constantsIn(one);
}
