/**
 * A stage of a cluster-wide rule: literals that are evaluated at one node, what they bind, and what
 * says which node that is.
 */
import type { Growth } from '../analysis/growth.js';
import { isMadeUp } from '../semantics/made-up-names.js';
import type { Literal, Program, Term, Variable } from '../semantics/program.js';
import type { Span } from '../base/span.js';
import type { ExchangeDraft } from './exchange-draft.js';
import type { Spread } from './exchange-spread.js';
import { atom, nodesType, ownerTerm, variable, type Atom, type Place } from './exchange-terms.js';

/** What the rewrite knows of the program as written. */
export interface ExchangeContext {
  readonly program: Program;
  readonly spread: Spread;
  readonly growthOf: (relation: string) => Growth;
  readonly draft: ExchangeDraft;
  readonly refuse: (refusal: Refusal) => void;
}
export interface Refusal {
  readonly code: string;
  readonly span: Span;
  readonly message: string;
  readonly help: string;
}

/** Literals that are evaluated at one node, and what they bind. */
export interface Stage {
  literals: Literal[];
  readonly bound: Map<string, Variable>;
  place: Place;
  /** Whether every node has the same rows, from statics alone. */
  isEverywhere: boolean;
  isEvent: boolean;
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
    unsteady: null,
  };
}

export function mayTravel({ isEvent, unsteady }: Stage): boolean {
  return isEvent || unsteady === null;
}

/** How what lies at the owner of some terms is called: after their columns. */
export function placeName(
  place: readonly Term[],
  columnByVariable: ReadonlyMap<string, string>,
): string {
  if (place.length === 0) return 'at_one';
  const names = place.map((term) =>
    term.kind === 'variable' ? (columnByVariable.get(term.name) ?? term.name) : 'key',
  );
  return `by_${names.map((name) => (isMadeUp(name) ? 'key' : name)).join('_')}`;
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

/** Why rows of a relation that may shrink do not travel. */
export function shippingRefusal(relation: string, span: Span): Refusal {
  return {
    code: 'TRL0620',
    span,
    message: `tuples of \`${relation}\` may be taken back, and here they would have to go to other nodes, where nothing takes them back`,
    help: `place what it is joined with by the same columns as \`${relation}\`, or let only an event read it (\`input\`, \`channel\`), in whose timestep it is what it is`,
  };
}
