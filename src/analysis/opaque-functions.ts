/**
 * Functions from TypeScript of which nothing is known. A declared property (`monotone`, `antitone`,
 * `morphism`, `injective`) is the author's word that the function is one in the mathematical sense;
 * without it the analysis takes a rule that calls it to be as bad as any.
 */
import type { Body, Program, Rule } from '../semantics/program.js';

/** Whether a rule, by this body, calls such a function. */
export function callsOpaque({ functions }: Program, rule: Rule, body: Body): boolean {
  if (functions.length === 0) return false;
  const opaque = new Set(
    functions.filter(({ properties }) => properties.length === 0).map(({ name }) => name),
  );
  return opaque.size > 0 && (calls(rule.head.arguments, opaque) || calls(body.literals, opaque));
}

function calls(node: unknown, names: ReadonlySet<string>): boolean {
  if (Array.isArray(node)) return node.some((item) => calls(item, names));
  if (typeof node !== 'object' || node === null) return false;
  const { kind, function: callee } = node as { kind?: unknown; function?: unknown };
  if (kind === 'apply' && names.has(String(callee))) return true;
  return Object.entries(node).some(
    ([key, part]) => key !== 'span' && key !== 'type' && key !== 'value' && calls(part, names),
  );
}
