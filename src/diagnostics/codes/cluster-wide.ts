/** Codes of area 06 that concern cluster-wide relations: what no node can evaluate by itself. */
import type { CodeEntry } from '../code-entry.js';

export const clusterWideCodes: readonly CodeEntry[] = [
  {
    code: 'TRL0620',
    title: 'A rule needs a cluster-wide relation to be complete',
    explanation:
      'Tuples of a relation with `partition by` arrive at their owners one by one. What a rule rules out, counts or reveals of it may turn out wrong as more arrives; so where it would be kept, sent or released, the rule waits until all nodes have worked off what there is. That is not done with `--coordinate none`, nor for a rule that an event triggers, which decides then and there; and it does not help where a relation is no part of the cluster-wide ones, but of its own at each node. As a view, derived where the tuples are, the result takes corrections instead.',
    wrong: `table link(src: int, dst: int) partition by (src);
table hidden(x: int);
table near(x: int) partition by (x);
link(1, 2); hidden(2);
near(y) :- link(_, y), notin hidden(y);
`,
    right: `table link(src: int, dst: int) partition by (src);
table hidden(x: int) partition by (x);
table near(x: int) partition by (x);
link(1, 2); hidden(2);
near(y) :- link(_, y), notin hidden(y);
`,
  },
  {
    code: 'TRL0621',
    title: 'Events of a cluster-wide rule never meet',
    explanation:
      'An event holds in one timestep of one node. Two of them that are at different nodes arrive in different timesteps, so a rule that joins them would hardly ever fire; and a recursion over events would send its tuples round for ever. Keep one of the relations in a table.',
    wrong: `input ask(key: int);
input tell(key: int, value: int);
scratch asked(key: int) partition by (key);
scratch told(value: int, key: int) partition by (value);
output answer(key: int, value: int);
asked(k) :- ask(k);
told(v, k) :- tell(k, v);
answer(k, v) :- asked(k), told(v, k);
`,
    right: `input ask(key: int);
input tell(key: int, value: int);
scratch asked(key: int) partition by (key);
table told(value: int, key: int) partition by (value);
output answer(key: int, value: int);
asked(k) :- ask(k);
told(v, k) :- tell(k, v);
answer(k, v) :- asked(k), told(v, k);
`,
  },
  {
    code: 'TRL0622',
    title: 'A head that cannot be spread over the cluster',
    explanation:
      'What a rule derives from cluster-wide relations is itself spread over the cluster. Some heads cannot be: a `lattice` is one value at each node, a relation with an `@` column is at the node that it names, a static is there from the start, of a relation whose tuples no column places nobody knows where to delete, and a tuple whose place depends on an aggregate has none before the aggregate is taken, which takes waiting (not with `--coordinate none`, nor for events).',
    wrong: `table link(src: int, dst: int) partition by (src);
lattice seen: lset<int>;
link(1, 2);
seen({d}) :- link(_, d);
`,
    right: `table link(src: int, dst: int) partition by (src);
table seen(group: int => members: lset<int>) partition by (group);
link(1, 2);
seen(0, {d}) :- link(_, d);
`,
  },
  {
    code: 'TRL0623',
    title: 'A barrier over what is durable',
    explanation:
      'A rule over cluster-wide relations that needs them to be complete waits until all nodes have worked off what there is. How far the nodes have come is counted by their processes and ends with them, so after a restart nobody could tell whether what outlived the process is all there is.',
    wrong: `durable table task(id: int) partition by (id);
table done(id: int) partition by (id);
input finish(id: int);
output left(id: int);
task(1); task(2);
done(id) :- finish(id);
left(id) :- task(id), notin done(id);
`,
    right: `table task(id: int) partition by (id);
table done(id: int) partition by (id);
input finish(id: int);
output left(id: int);
task(1); task(2);
done(id) :- finish(id);
left(id) :- task(id), notin done(id);
`,
  },
];
