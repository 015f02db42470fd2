/**
 * Which of some relations feed each relation, however long the way, over the rules that count.
 *
 * Relations that feed each other are fed alike, so sets of sources, as bits, go once over the
 * components of the graph; and the list of names is made once for each.
 */
import { findComponents } from './find-components.js';
import type { Clause, ProgramIndex } from './program-index.js';

/**
 * By relation the sources that reach it, a source itself among them, in the order of `sources`;
 * relations that none reaches are left out. Relations of one component share one list.
 */
export function findReachingSources(
  index: ProgramIndex,
  sources: readonly string[],
  counts: (clause: Clause) => boolean,
): ReadonlyMap<string, readonly string[]> {
  const numberByName = new Map(index.relations.map(({ name }, number) => [name, number]));
  const successors: number[][] = index.relations.map(() => []);
  for (const clause of index.clauses) {
    if (!counts(clause)) continue;
    const head = numberByName.get(clause.head)!;
    for (const { relation } of clause.atoms) successors[numberByName.get(relation)!]!.push(head);
  }
  const components = findComponents(successors);
  const componentOf = new Int32Array(successors.length);
  components.forEach((members, component) => {
    for (const member of members) componentOf[member] = component;
  });
  const words = Math.ceil(sources.length / 32);
  const reached = components.map(() => new Uint32Array(words));
  sources.forEach((name, source) => {
    reached[componentOf[numberByName.get(name)!]!]![source >> 5]! |= 1 << (source & 31);
  });
  const found = new Map<string, readonly string[]>();
  // A component comes after all that it points to.
  for (let component = components.length - 1; component >= 0; component--) {
    const own = reached[component]!;
    const names = sources.filter((_, source) => (own[source >> 5]! & (1 << (source & 31))) !== 0);
    if (names.length === 0) continue;
    for (const member of components[component]!) {
      found.set(index.relations[member]!.name, names);
      for (const next of successors[member]!) unite(reached[componentOf[next]!]!, own);
    }
  }
  return found;
}

function unite(into: Uint32Array, from: Uint32Array): void {
  if (into === from) return;
  for (let word = 0; word < from.length; word++) into[word]! |= from[word]!;
}
