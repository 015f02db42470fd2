/** Codes of area 06 that concern cluster-wide relations: what no node can evaluate by itself. */
import type { CodeEntry } from '../code-entry.js';

export const clusterWideCodes: readonly CodeEntry[] = [
  {
    code: 'TRL0620',
    title: 'A rule needs a cluster-wide relation to be complete',
    explanation:
      'Tuples of a relation with `partition by` arrive at their owners one by one, and no node knows whether more are to come. What a rule rules out, counts or reveals of it may turn out wrong, so it is shown as a view, which takes corrections, at the node where the tuples are; it is not stored, sent or released. Over statics, which are there from the start, anything may be ruled out where such a tuple would be. A rule that an event triggers decides at the owner, in the order of its timesteps.',
    wrong: `table link(src: int, dst: int) partition by (src);
output degree(src: int, n: int);
link(1, 2);
degree(s, count<d>) :- link(s, d);
`,
    right: `table link(src: int, dst: int) partition by (src);
view degree(src: int, n: int);
link(1, 2);
degree(s, count<d>) :- link(s, d);
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
      'What a rule derives from cluster-wide relations is itself spread over the cluster. Some heads cannot be: a `lattice` is one value at each node, a relation with an `@` column is at the node that it names, a static is there from the start, of a relation whose tuples no column places nobody knows where to delete, and a tuple whose place depends on an aggregate has none before the aggregate is taken.',
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
];
