/**
 * What can be done about one blamed place, in words: only what fits what stands there. An event that
 * the rule waits for can be kept; a set that the program is given, and does not derive from its own
 * decisions, may be known before the start; an aggregate whose value only moves one way can be asked
 * for a bound, and one that moves both ways cannot.
 */
import { sourceText } from './made-up-relations.js';
import { isAggregated } from './aggregate-groups.js';
import type { Blame, Suggestion } from './confluence-report.js';
import type { Known } from './find-defects.js';
import { componentsOver } from './endless.js';
import { relationOf } from './program-index.js';
import type { Atom, Clause } from './program-index.js';
import { isEventSource } from './sequencing.js';
import { chooses } from './standing-relations.js';
import { directionOf } from './thresholds.js';
import { fedLocally } from './trace-sources.js';

/** The clause and the literal of a blame; null where a head or a declaration is to blame. */
interface Place {
  readonly clause: Clause | null;
  readonly atom: Atom | null;
}

/** The ways out of one blame, cheapest first. */
export function repairsOf(known: Known, blame: Blame): readonly Suggestion[] {
  const place = placeOf(known, blame);
  const where = blame.rule === null ? '' : ` in ${sourceText(known.index.program, blame.rule)}`;
  switch (blame.reason) {
    case 'half-guarded-join':
    case 'event-rendezvous':
      return [keepEvents(known, blame, place, 'join', 'which comes first')];
    case 'aggregates-events':
    case 'negates-event':
      // Whoever comes first shuts out the others: to keep them all would not undo that.
      return shutsOut(known, place)
        ? []
        : [keepEvents(known, blame, place, 'read', 'what shares a timestep')];
    case 'aggregates-growing-set':
      return [...boundOf(blame, place), ...knowBefore(known, place), ...sealOf(known, blame)];
    case 'reveals-growing-lattice':
      return [
        suggest(
          2,
          `ask a threshold of the lattice value (\`v.size() >= k\`, \`v.contains(x)\`)${where} instead of showing it`,
        ),
        ...sealOf(known, blame),
      ];
    case 'closes-epoch':
      return [];
    case 'negates-growing-set':
    case 'samples-unfinished-set':
    case 'reads-changing-state':
      return [...knowBefore(known, place), ...sealOf(known, blame)];
    case 'unsealable':
      return [
        suggest(
          5,
          `change the seal that ${blame.rule === null ? 'it' : `\`${blame.rule}\``} waits for so that its producers can keep it (\`trellis explain TRL1113\`)`,
        ),
      ];
    case 'deletes':
      return [
        suggest(
          3,
          'keep what is deleted in a second table and show the difference as a `view`: sets that only grow agree',
        ),
      ];
    case 'overwrites':
      return readsOwnHead(place)
        ? [
            suggest(
              3,
              'keep every update in a table, each with an id of its own, and show what they come to as a `view`: a set of updates has no order',
            ),
          ]
        : [
            ...mergeValues(known, place),
            suggest(3, 'keep every version under a unique stamp and show the greatest as a `view`'),
          ];
    case 'key-race':
      return [
        ...mergeValues(known, place),
        suggest(
          3,
          'make the key tell apart whatever may differ, or let one rule compute the other columns from the key',
        ),
      ];
    case 'calls-opaque-function':
      return [
        suggest(
          2,
          `if the function${where} gives the same result for the same arguments, always and everywhere, declare what it is: \`injective\`, \`monotone\`, \`antitone\` or \`morphism\``,
        ),
      ];
    case 'failing-timestep':
      return [
        suggest(3, `mend the race${where}: a timestep that fails takes all its events with it`),
      ];
    case 'nondeterministic-value':
      return place.clause !== null && chooses(place.clause)
        ? [
            suggest(
              2,
              `take the least or the greatest (\`min\`, \`max\`)${where} instead of \`choose\`: which one it is then no longer depends on chance`,
            ),
          ]
        : [suggest(3, `let the value come in with the data instead of reading it${where}`)];
    case 'halts':
      return [
        suggest(
          3,
          'let the node run on and stop it from outside: what it has not yet taken is lost',
        ),
      ];
    case 'momentary':
      return [
        suggest(
          1,
          'keep it in a table and show that: a view of events holds only what the last timestep held',
        ),
        suggest(2, 'declare it as an `output`: every event is then released as it comes'),
      ];
    case 'differs-by-node':
    case 'fails-by-node':
      return [suggest(2, `let what differs from node to node come in with the message${where}`)];
    case 'never-rests':
      return [suggest(2, `let an event start each round${where}`)];
  }
}

/** A suggestion in words alone. */
export function suggest(cost: number, title: string): Suggestion {
  return { cost, title, edit: null, edits: [], promises: null };
}

function placeOf({ index }: Known, { ruleId, span }: Blame): Place {
  const clauses = ruleId === null ? [] : (index.clausesByRule.get(ruleId) ?? []);
  for (const clause of clauses)
    for (const atom of clause.atoms)
      if (atom.span.file === span.file && atom.span.start === span.start) return { clause, atom };
  return { clause: clauses[0] ?? null, atom: null };
}

/** Tables for the events that the rule waits for, whichever of its literals is to blame. */
function keepEvents(
  { growth, index }: Known,
  { rule, relation }: Blame,
  { clause }: Place,
  how: string,
  matter: string,
): Suggestion {
  const read = (clause?.atoms ?? [])
    .map((atom) => atom.relation)
    .filter((name) => growth.growthByRelation.get(name) === 'event');
  const names = read.length === 0 ? [relation] : [...new Set(read)];
  const quoted = names.map((name) => sourceText(index.program, name)).join(' and ');
  const [tables, those] = names.length === 1 ? ['a table', 'that'] : ['tables', 'those'];
  const where = rule === null ? '' : ` in ${sourceText(index.program, rule)}`;
  return suggest(
    1,
    `keep the tuples of ${quoted} in ${tables} and ${how} ${those}${where}: then it does not matter ${matter}`,
  );
}

/** Whether what is written is made of what was there. */
function readsOwnHead({ clause }: Place): boolean {
  const read = clause?.atoms.filter((atom) => !atom.negated) ?? [];
  return read.some(({ relation }) => relation === clause?.head);
}

/** Whether the rule fires only while nothing that it led to is there. */
function shutsOut(known: Known, { clause }: Place): boolean {
  const negated = clause?.atoms.filter((atom) => atom.negated) ?? [];
  return negated.some(({ relation }) => isUpstream(known, clause!.head, relation));
}

/**
 * None for a channel of the compiler's own, which no statement of the program can name, for a seal itself,
 * and where a timer races with data.
 */
function sealOf(known: Known, { relation, key, mechanism }: Blame): readonly Suggestion[] {
  const { declared, builtin } = relationOf(known.index, relation);
  if (!declared || builtin === 'sealed' || mechanism.kind === 'order') return [];
  if (mechanism.kind === 'cut')
    return [
      suggest(
        5,
        `agree on where to cut \`${relation}\`, for no producer can say when it is complete: 3 message delays an epoch; waits while a majority is out of reach`,
      ),
    ];
  const by = key.length > 0 ? ` by ${key.join(', ')}` : '';
  return [
    suggest(
      5,
      `seal \`${relation}\`${by}: its producers say when it is complete; waits while one is out of reach`,
    ),
  ];
}

/** Where a set is negated or aggregated that no message brings, and nothing that is decided here. */
function knowBefore(known: Known, { clause, atom }: Place): readonly Suggestion[] {
  if (clause === null || atom === null) return [];
  const complete = atom.negated || isAggregated(known.index, clause, atom);
  if (!complete || isUpstream(known, clause.head, atom.relation)) return [];
  if (upstreamOf(known).brought.has(atom.relation)) return [];
  if (relationOf(known.index, atom.relation).madeFrom !== undefined) return [];
  return [suggest(3, `make \`${atom.relation}\` static, if it is known before the start`)];
}

/** What is asked of all blames of a program, found once. */
interface Upstream {
  /** Relations that depend on each other, messages included, have one number. */
  readonly componentOf: (relation: string) => number | undefined;
  /** What something else than an input feeds at its node. */
  readonly brought: ReadonlySet<string>;
}

const upstreamByKnown = new WeakMap<Known, Upstream>();

function upstreamOf(known: Known): Upstream {
  const found = upstreamByKnown.get(known) ?? findUpstream(known);
  upstreamByKnown.set(known, found);
  return found;
}

function findUpstream(known: Known): Upstream {
  const { index } = known;
  const component = componentsOver(index, index.clauses);
  const sources = index.relations.filter(
    ({ name, kind }) => kind !== 'input' && isEventSource(index, name),
  );
  return {
    componentOf: (relation) => component.get(relation),
    brought: fedLocally(
      known,
      sources.map(({ name }) => name),
    ),
  };
}

/** Whether a relation that a rule reads depends on what the rule derives. */
function isUpstream(known: Known, head: string, read: string): boolean {
  const { componentOf } = upstreamOf(known);
  return head === read || componentOf(head) === componentOf(read);
}

/** A bound instead of the value, for aggregates that only move one way. */
function boundOf({ rule }: Blame, { clause }: Place): readonly Suggestion[] {
  const [argument, ...others] = (clause?.rule.head.arguments ?? []).filter(
    (each) => each.kind === 'aggregate',
  );
  if (argument === undefined || others.length > 0) return [];
  const direction = directionOf(argument);
  if (direction === null && argument.function === 'sum')
    return [
      suggest(
        2,
        `if nothing that \`${rule}\` sums is negative, declare it \`nat\`, and ask only whether the sum has reached a bound (\`n >= k\`)`,
      ),
    ];
  const asked = direction === null ? undefined : lastingTests[argument.function];
  return asked === undefined
    ? []
    : [
        suggest(
          2,
          `ask only whether the \`${argument.function}\` in \`${rule}\` ${asked}, instead of its value: that stays true`,
        ),
      ];
}

/** What stays true of an aggregate while more comes in. */
const lastingTests: Readonly<Record<string, string>> = {
  count: 'has reached a bound (`n >= k`)',
  count_distinct: 'has reached a bound (`n >= k`)',
  max: 'has reached a bound (`n >= k`)',
  sum: 'has reached a bound (`n >= k`)',
  min: 'has come down to a bound (`n <= k`)',
  any: 'is true',
  every: 'is false',
  set: 'has an element (`x in s`)',
  list: 'has an element (`x in s`)',
};

/** Lattice columns, where a table has values beside its key. */
function mergeValues({ index }: Known, { clause }: Place): readonly Suggestion[] {
  const relation = clause === null ? null : relationOf(index, clause.head);
  if (relation === null || relation.kind !== 'table' || !relation.hasKey) return [];
  if (relation.madeFrom !== undefined) return [];
  return [
    suggest(
      2,
      `give what stands right of \`=>\` in \`${relation.name}\` lattice types (\`lmax<T>\`, \`lset<T>\`, \`ldom<V, L>\` with a version): values then merge, in any order`,
    ),
  ];
}
