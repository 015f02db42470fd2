/**
 * Puts functions from outside behind the names by which a program calls them: each call carries
 * its implementation from then on, so that evaluating a term asks for nothing but its bindings.
 */
import { assert } from '../base/assert.js';
import type { Value } from '../base/value.js';
import type { Program, Term } from '../semantics/program.js';

/**
 * Contract: deterministic and synchronous; throws `PartialError` where it fails, and nothing else.
 */
export type OuterFunction = (...values: readonly Value[]) => Value;

/** A call that knows what it calls. */
export type LinkedCall = Term & { readonly kind: 'apply'; readonly outer: OuterFunction };

/** The program with every function that it declares linked; contract: `functions` has them all. */
export function linkFunctions(
  program: Program,
  functions: ReadonlyMap<string, OuterFunction>,
): Program {
  if (program.functions.length === 0) return program;
  for (const { name } of program.functions)
    assert(functions.has(name), `no implementation of the function ${name}`);
  const link = <T>(node: T): T => linkNode(node, functions) as T;
  return { ...program, rules: link(program.rules), remarks: link(program.remarks) };
}

export function isLinked(term: Term): term is LinkedCall {
  return 'outer' in term;
}

/** Parts of the tree that hold no terms. */
const closedParts: ReadonlySet<string> = new Set(['span', 'origin', 'type', 'value']);

function linkNode(node: unknown, functions: ReadonlyMap<string, OuterFunction>): unknown {
  if (Array.isArray(node)) return node.map((item) => linkNode(item, functions));
  if (typeof node !== 'object' || node === null) return node;
  const linked: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(node))
    linked[key] = closedParts.has(key) ? part : linkNode(part, functions);
  const outer = linked['kind'] === 'apply' ? functions.get(String(linked['function'])) : undefined;
  return outer === undefined ? linked : { ...linked, outer };
}
