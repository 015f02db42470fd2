/**
 * A stage of a cluster-wide rule: literals that are evaluated at one node, what they bind, and what
 * says which node that is.
 */
import type { Growth } from '../analysis/growth.js';
import { isMadeUp } from '../semantics/made-up-names.js';
import type { Literal, Program, Relation, Rule, Term, Variable } from '../semantics/program.js';
import type { Span } from '../base/span.js';
import type { Destination, ExchangeDraft, Travel } from './exchange-draft.js';
import type { EventFacts } from './exchange-events.js';
import { barrierAtom } from './exchange-barriers.js';
import type { Spread } from './exchange-spread.js';
import { atom, nodesType, ownerTerm, variable, type Atom, type Place } from './exchange-terms.js';

/** What the rewrite knows of the program as written. */
export interface ExchangeContext {
  readonly program: Program;
  readonly spread: Spread;
  /** Statics that are the same at every node. */
  readonly alike: ReadonlySet<string>;
  readonly growthOf: (relation: string) => Growth;
  /** Whether tuples of a relation may be gone later, or turn out wrong. */
  readonly mayFall: (relation: string) => boolean;
  readonly events: EventFacts;
  readonly draft: ExchangeDraft;
  readonly refuse: (refusal: Refusal) => void;
  /** The rules that would have to wait, so that what this one makes of the atom is final. */
  readonly waitersFor: (rule: Rule, atom: Atom) => readonly Rule[];
}
export interface Refusal {
  readonly code: string;
  readonly span: Span;
  readonly message: string;
  readonly help: string;
  /** Rules that would have to wait for a barrier; left out where none can help. */
  readonly waits?: readonly Rule[];
}

/** Literals that are evaluated at one node, and what they bind. */
export interface Stage {
  literals: Literal[];
  readonly bound: Map<string, Variable>;
  place: Place;
  /** Whether every node has the same rows, from statics alone. */
  isEverywhere: boolean;
  /** Whether its rows hold in timesteps of events only. */
  isEvent: boolean;
  /** An atom whose tuples hold in timesteps of events and may stand as well; null without. */
  mixed: Atom | null;
  /** The atom for which its rows may be taken back; null if they never are. */
  unsteady: Atom | null;
}
export type Reached = Readonly<Stage>;

export function emptyStage(place: Place): Stage {
  return {
    literals: [],
    bound: new Map(),
    place,
    isEverywhere: false,
    isEvent: false,
    mixed: null,
    unsteady: null,
  };
}

export function mayTravel(stage: Pick<Stage, 'isEvent' | 'mixed' | 'unsteady'>): boolean {
  return stage.isEvent || (stage.unsteady === null && stage.mixed === null);
}

/** Why the rows of a stage of the rule may not travel. */
export function travelRefusal(
  { waitersFor }: Pick<ExchangeContext, 'waitersFor'>,
  rule: Rule,
  { mixed, unsteady }: Pick<Stage, 'mixed' | 'unsteady'>,
): Refusal {
  if (unsteady === null) return mixedRefusal(mixed!);
  const refusal = shippingRefusal(unsteady.relation, unsteady.span);
  return mixed === null ? { ...refusal, waits: waitersFor(rule, unsteady) } : refusal;
}

/** A stage that waits until what it reads is complete: what it makes of it is then final. */
export function settle(stage: Stage, span: Span): boolean {
  if (stage.unsteady === null || stage.mixed !== null || stage.isEvent) return false;
  stage.literals.push(barrierAtom(span));
  stage.unsteady = null;
  return true;
}

function mixedRefusal({ relation, span }: Atom): Refusal {
  return {
    code: 'TRL0621',
    span,
    message: `\`${relation}\` holds in the timesteps of events and stands as well, so what is sent of it would be sent in every timestep`,
    help: 'derive what stands and what holds for an event into two relations, or keep both in a table',
  };
}

/** What a stage is that travels: the tuples of one relation of the program, or bindings for a head. */
export function travelOf(
  { literals }: Pick<Stage, 'literals'>,
  destination: Destination,
  head: string,
  relations: ReadonlyMap<string, Relation>,
): Travel {
  const [first] = literals;
  const single = literals.length === 1 && first?.kind === 'atom' ? first : null;
  const relation = single === null ? undefined : relations.get(single.relation);
  const columnOf = (term: Term): string => {
    if (term.kind !== 'variable') return 'key';
    const at = single?.arguments.findIndex((a) => a.kind === 'variable' && a.name === term.name);
    const column = relation?.columns[at ?? -1]?.name ?? term.name;
    return isMadeUp(column) ? 'key' : column;
  };
  const by = destination === 'everywhere' ? null : destination.map(columnOf);
  const of = relation?.name ?? head;
  const where = by === null ? 'everywhere' : by.length === 0 ? 'at_one' : `by_${by.join('_')}`;
  return relation === undefined
    ? { wanted: `${head}_part_${where}`, what: 'bindings', of, by }
    : { wanted: `${of}_${where}`, what: 'tuples', of, by };
}

/** Literals that hold at the owner of some terms only. */
export function ownerFilter(
  draft: ExchangeDraft,
  place: readonly Term[],
  fresh: (n: number) => string,
  span: Span,
): readonly Literal[] {
  draft.builtin('self', span);
  const nodes = variable(fresh(0), nodesType, span);
  const here = variable(fresh(1), { kind: 'addr' }, span);
  return [
    draft.nodesAtom(nodes),
    atom('self', [here], span),
    {
      kind: 'condition',
      term: {
        kind: 'apply',
        function: '==',
        arguments: [ownerTerm(place, nodes, span), here],
        type: { kind: 'bool' },
        span,
      },
      span,
    },
  ];
}

/** Why rows of a relation that may shrink, or whose values are revealed, do not travel. */
function shippingRefusal(relation: string, span: Span): Refusal {
  return {
    code: 'TRL0620',
    span,
    message: `what this makes of \`${relation}\` may be taken back, and here it would have to go to other nodes, where nothing takes it back`,
    help: `place what it is joined with by the same columns as \`${relation}\`, or let only an event read it (\`input\`, \`channel\`), in whose timestep it is what it is`,
  };
}
