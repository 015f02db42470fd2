/**
 * Growth class "event": which relations hold tuples of one timestep only. Inputs, channels,
 * loopbacks and periodics do; so does every scratch, output or view that some rule derives from
 * such a relation (positively or negated) or fills by `@next`, or that has facts, which hold at boot
 * only. What is stored or static does not. A least fixpoint along the rules.
 */
import type { BareRule } from './build-program.js';
import type { Fact, Relation } from './program.js';

type Kinds = ReadonlyMap<string, Pick<Relation, 'name' | 'kind'>>;

/** Names of the relations that are event-driven. */
export function markEvents(
  relations: Kinds,
  rules: readonly Pick<BareRule, 'head' | 'bodies'>[],
  facts: readonly Fact[],
): ReadonlySet<string> {
  const marked = new Set<string>();
  const work: string[] = [];
  const mark = (name: string): void => {
    if (marked.has(name)) return;
    marked.add(name);
    work.push(name);
  };
  for (const relation of relations.values()) if (isEvent(relation)) mark(relation.name);
  for (const fact of facts) if (isTransient(relations.get(fact.relation))) mark(fact.relation);
  const headsByBody = new Map<string, string[]>();
  for (const rule of rules) {
    const { relation, mode } = rule.head;
    if (!isTransient(relations.get(relation))) continue;
    if (mode === 'next') mark(relation);
    for (const read of bodyRelations(rule)) {
      const heads = headsByBody.get(read);
      if (heads === undefined) headsByBody.set(read, [relation]);
      else heads.push(relation);
    }
  }
  for (let name = work.pop(); name !== undefined; name = work.pop())
    for (const head of headsByBody.get(name) ?? []) mark(head);
  return marked;
}

/** The relations that a rule's bodies read. */
export function bodyRelations(rule: Pick<BareRule, 'bodies'>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const body of rule.bodies)
    for (const literal of body.literals) if (literal.kind === 'atom') names.add(literal.relation);
  return names;
}

function isEvent({ kind }: Pick<Relation, 'kind'>): boolean {
  return kind === 'input' || kind === 'channel' || kind === 'loopback' || kind === 'periodic';
}

function isTransient(relation: Pick<Relation, 'kind'> | undefined): boolean {
  return (
    relation !== undefined &&
    (relation.kind === 'scratch' || relation.kind === 'output' || relation.kind === 'view')
  );
}
