/**
 * Strata of the deductive rules: the strongly connected components of "the head depends on the
 * body", dependencies first. Within a component rules run to a common fixpoint; a negation or an
 * aggregate must look only at components before its own (Apt, Blair and Walker, Towards a Theory
 * of Declarative Knowledge, 1988), which the semantic checks have made sure of.
 *
 * Written apart from the stratifier of the analysis on purpose: each is a check on the other.
 * Algorithm: Tarjan, Depth-First Search and Linear Graph Algorithms, 1972, without recursion.
 */
import { assert, defined } from '../base/assert.js';
import type { Program, Rule } from '../semantics/program.js';

export interface Stratum {
  /** Sorted by name. */
  readonly relations: ReadonlySet<string>;
  /** Deductive rules with their heads here, by id. */
  readonly rules: readonly Rule[];
}

/** The relations that a rule's bodies read, negated or not. */
function relationsRead(rule: Rule): ReadonlySet<string> {
  const read = new Set<string>();
  for (const body of rule.bodies) {
    for (const literal of body.literals) if (literal.kind === 'atom') read.add(literal.relation);
  }
  return read;
}

/** Every relation of the program, in strata; a function of the program as a set of rules. */
export function stratify(program: Program): readonly Stratum[] {
  const deductive = program.rules.filter((rule) => rule.head.mode === 'now');
  const dependencies = new Map<string, Set<string>>();
  for (const name of [...program.relations.keys()].sort()) dependencies.set(name, new Set());
  for (const rule of deductive) {
    const known = defined(dependencies.get(rule.head.relation), `relation ${rule.head.relation}`);
    for (const name of relationsRead(rule)) known.add(name);
  }
  const strata = components(dependencies).map((names): Stratum => {
    const relations = new Set(names.sort());
    const rules = deductive.filter((rule) => relations.has(rule.head.relation));
    return { relations, rules: rules.sort((a, b) => a.id - b.id) };
  });
  for (const stratum of strata) for (const rule of stratum.rules) checkStratified(rule, stratum);
  return strata;
}

function checkStratified(rule: Rule, stratum: Stratum): void {
  for (const { literals } of rule.bodies) {
    for (const literal of literals) {
      if (literal.kind !== 'atom' || !stratum.relations.has(literal.relation)) continue;
      assert(!literal.negated && !rule.aggregated, `${rule.name} is not stratified`);
    }
  }
}

interface Visit {
  readonly name: string;
  readonly next: Iterator<string>;
}

function components(dependencies: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const found: string[][] = [];

  const enter = (name: string): Visit => {
    index.set(name, index.size);
    low.set(name, index.get(name)!);
    open.push(name);
    isOpen.add(name);
    return { name, next: [...dependencies.get(name)!].sort()[Symbol.iterator]() };
  };
  const lower = (name: string, to: number): void => {
    low.set(name, Math.min(low.get(name)!, to));
  };
  const leave = (name: string, parent: Visit | undefined): void => {
    if (parent !== undefined) lower(parent.name, low.get(name)!);
    if (low.get(name) !== index.get(name)) return;
    const members = open.splice(open.indexOf(name));
    for (const member of members) isOpen.delete(member);
    found.push(members);
  };

  for (const root of dependencies.keys()) {
    if (index.has(root)) continue;
    const path = [enter(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const step = top.next.next();
      if (step.done === true) {
        path.pop();
        leave(top.name, path.at(-1));
      } else if (!index.has(step.value)) path.push(enter(step.value));
      else if (isOpen.has(step.value)) lower(top.name, index.get(step.value)!);
    }
  }
  return found;
}
