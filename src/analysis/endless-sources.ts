/**
 * Channels of which no producer can ever say that it is done, because what they carry comes from
 * what they carried: they lie on a cycle of positive rules across nodes (a distributed closure, a
 * token). Their content is complete only when the whole cycle has come to rest, which is agreed on by
 * a cut (COORDINATION 2.10), not promised by a seal. Negated literals do not count: an answer that
 * stops a resend makes no new tuples.
 */
import { findComponents } from './find-components.js';
import type { ProgramIndex } from './program-index.js';

/** Names of the channels, loopbacks and located tables on such cycles. */
export function findEndlessSources(index: ProgramIndex): ReadonlySet<string> {
  const position = new Map(index.relations.map(({ name }, i) => [name, i]));
  const successors: number[][] = index.relations.map(() => []);
  const sent = new Set<string>();
  for (const { head, rule, atoms } of index.clauses) {
    if (rule.head.mode === 'async') sent.add(head);
    for (const { relation, negated } of atoms)
      if (!negated) successors[position.get(head)!]!.push(position.get(relation)!);
  }
  const endless = new Set<string>();
  for (const members of findComponents(successors)) {
    const [first] = members;
    const cyclic = members.length > 1 || successors[first!]!.includes(first!);
    if (!cyclic) continue;
    for (const i of members) {
      const { name } = index.relations[i]!;
      if (sent.has(name)) endless.add(name);
    }
  }
  return endless;
}
