/**
 * The versions of a rule that bring what it derives up to date when what it reads has changed:
 * delete and rederive (Gupta, Mumick and Subrahmanian, "Maintaining views incrementally", 1993).
 *
 * - `leave`: heads that may have lost a derivation, for a tuple that a positive atom has lost or a
 *   negated one gained. They may be too many, never too few: other negated atoms are left out, and
 *   what fails to evaluate is passed over. None where a table keeps what the rule has put into it.
 * - `enter`: heads that have gained one, for a tuple gained by a positive atom or lost by a negated
 *   one. Everything else holds as it is now, and what fails to evaluate is an error: every binding
 *   that holds now and did not before is met here.
 * - `restore`: those of given heads, or of given groups of an aggregate, that are still derived.
 * - `follow`: bindings of an aggregate that come or go with tuples of the one relation that it ranges
 *   over, each with the whole tuple; for aggregates whose values follow from that.
 *
 * Of a head whose values merge its other columns are what matters: they are noted, and given.
 *
 * Each reads one change in place of one atom's relation; they are planned when a change first comes.
 */
import { defined } from '../base/assert.js';
import type { Body, HeadArgument, Literal, Variable } from '../semantics/program.js';
import { orderBody, type OrderingFacts } from './order-literals.js';
import type { PhysicalPlan, PlannedRule, PlanType, Step } from './physical-plan.js';

type Atom = Extract<Literal, { kind: 'atom' }>;
type Aggregate = Extract<HeadArgument, { kind: 'aggregate' }>;

/** A version that reads a change of one atom's relation. */
export interface ChangeVersion {
  /** Position of the atom in its body. */
  readonly literal: number;
  /** The relation whose change it reads, of a negated atom the other way round. */
  readonly slot: number;
  readonly isNegated: boolean;
  readonly steps: readonly Step[];
}

export interface BodyUpkeep {
  readonly leave: readonly ChangeVersion[];
  readonly enter: readonly ChangeVersion[];
  readonly restore: readonly Step[];
}

export interface RuleUpkeep {
  readonly planned: PlannedRule;
  /** One a body. */
  readonly bodies: readonly BodyUpkeep[];
  /** Of a rule with one body. */
  readonly follow: ChangeVersion | null;
}

/** Aggregates whose value follows as bindings come and go, nearly always. */
const FOLLOWING: ReadonlySet<string> = new Set(['count', 'sum', 'min', 'max']);
/** What a relation that the rule itself helps to fill is taken to hold. */
const OWN_ESTIMATE = 1_000_000;
/** Stands for the heads that `restore` is given; no relation has this name. */
const SOUGHT = '= sought';

/** `own` holds the slots that are brought up to date together with the rule's head. */
export function planUpkeep(
  plan: PhysicalPlan,
  planned: PlannedRule,
  own: ReadonlySet<number>,
): RuleUpkeep {
  const slotOf = (name: string): number =>
    name === SOUGHT ? planned.head : defined(plan.slotByName.get(name), `relation ${name}`);
  const facts: OrderingFacts = {
    slotOf,
    keyLengthOf: (name) =>
      name === SOUGHT
        ? planned.rule.head.arguments.length
        : plan.relations[slotOf(name)]!.schema.keyLength,
    estimateOf: (name) => {
      if (name === SOUGHT) return Number.MAX_VALUE;
      return own.has(slotOf(name)) ? OWN_ESTIMATE : plan.relations[slotOf(name)]!.estimate;
    },
  };
  const changes = ({ relation }: Atom): boolean =>
    plan.relations[slotOf(relation)]!.storage !== 'static';
  // What a rule has put into a table stays, unless it is a group's.
  const isKept = own.has(planned.head) && plan.relations[planned.head]!.storage === 'stored';
  const head = plainArguments(plan, planned);
  const bodies = planned.rule.bodies.map((body): BodyUpkeep => {
    const upkeep = planBody(body, head, changes, facts);
    return isKept && !planned.rule.aggregated ? { ...upkeep, leave: [] } : upkeep;
  });
  const follow = followsTuples(plan, planned, own) ? defined(bodies[0]?.enter[0], 'an atom') : null;
  return { planned, bodies, follow };
}

/** Rules that are brought up to date together, and the slots of their heads; effects each by itself. */
export interface UpkeepUnit {
  readonly rules: readonly PlannedRule[];
  readonly own: ReadonlySet<number>;
}

/** All of a plan's. */
export function upkeepUnits({ strata, effects, maintainedEffects }: PhysicalPlan): UpkeepUnit[] {
  return [
    ...strata.flatMap(({ isMaintained, rules, relations }) =>
      isMaintained ? [{ rules, own: new Set(relations) }] : [],
    ),
    ...effects.flatMap((rule) =>
      maintainedEffects.has(rule.rule.id) ? [{ rules: [rule], own: new Set<number>() }] : [],
    ),
  ];
}

/** The arguments of a head by which its tuples are told apart. */
export function plainArguments(
  plan: PhysicalPlan,
  { rule: { head }, head: slot }: PlannedRule,
): readonly HeadArgument[] {
  const { merged } = plan.relations[slot]!;
  return head.arguments.filter((_, column) => !merged.includes(column));
}

function planBody(
  body: Body,
  head: readonly HeadArgument[],
  changes: (atom: Atom) => boolean,
  facts: OrderingFacts,
): BodyUpkeep {
  const leave: ChangeVersion[] = [];
  const enter: ChangeVersion[] = [];
  for (const [literal, atom] of body.literals.entries()) {
    if (atom.kind !== 'atom' || !changes(atom)) continue;
    const read = { literal, slot: facts.slotOf(atom.relation), isNegated: atom.negated };
    const changed: Atom = { ...atom, negated: false };
    const others = body.literals.filter((other, i) => i !== literal && !isNegatedAtom(other));
    leave.push({ ...read, steps: orderChanged([...others, changed], others.length, facts) });
    // What the recursion adds it reads as its own delta; but for what a commit put into a table.
    const kept = atom.negated
      ? { literals: [...body.literals, changed], at: body.literals.length }
      : { literals: body.literals, at: literal };
    enter.push({
      ...read,
      steps: withOriginal(orderChanged(kept.literals, kept.at, facts), body.literals.length),
    });
  }
  const sought = soughtHead(head, body);
  const steps = orderSought([...body.literals, ...sought], body.literals.length, facts);
  return { leave, enter, restore: withOriginal(steps, body.literals.length) };
}

/** Sums of floats are exact, and a rounded one does not tell what it was. */
function follows({ function: name, arguments: inputs }: Aggregate): boolean {
  return FOLLOWING.has(name) && (name !== 'sum' || inputs.every(({ type }) => isWhole(type)));
}

function isWhole({ kind }: PlanType): boolean {
  return kind === 'int' || kind === 'nat';
}

/** Whether all bindings of an aggregate tell of what one tuple they are, and its values follow from those. */
function followsTuples(
  { relations, slotByName }: PhysicalPlan,
  { rule, variables, head }: PlannedRule,
  own: ReadonlySet<number>,
): boolean {
  const [body, alternative] = rule.bodies;
  if (body === undefined || alternative !== undefined) return false;
  const [atom, another] = body.literals.flatMap((each) => (each.kind === 'atom' ? [each] : []));
  if (atom === undefined || another !== undefined || atom.negated) return false;
  if (!rule.aggregated || rule.head.mode !== 'now') return false;
  const slot = slotByName.get(atom.relation)!;
  const { storage, merged } = relations[slot]!;
  return (
    relations[head]!.storage === 'maintained' &&
    relations[head]!.merged.length === 0 &&
    !own.has(slot) &&
    storage !== 'static' &&
    merged.length === 0 &&
    rule.head.arguments.every((part) => part.kind === 'term' || follows(part)) &&
    atom.arguments.every(
      (part) =>
        part.kind === 'constant' || (part.kind === 'variable' && variables.includes(part.name)),
    )
  );
}

function isNegatedAtom(literal: Literal): boolean {
  return literal.kind === 'atom' && literal.negated;
}

/** The steps for literals of which the one at a position reads a change; it comes first unless told. */
function orderChanged(
  literals: readonly Literal[],
  at: number,
  facts: OrderingFacts,
  first: number | null = at,
): readonly Step[] {
  const { span } = literals[at]!;
  const steps = orderBody({ literals, span }, first, () => 'visible', facts);
  return steps.map((step) => (step.index === at ? readingChange(step) : step));
}

function readingChange(step: Step): Step {
  const { arguments: parts } = step.literal as Atom;
  return { ...step, access: { ...step.access!, changeWidth: parts.length } };
}

/**
 * The literals that tie a body to heads that are given: an atom over them, and a test for each
 * column that the body computes. Of an aggregate the given are groups.
 */
function soughtHead(head: readonly HeadArgument[], { span }: Body): readonly Literal[] {
  const tests: Literal[] = [];
  const parts = head.flatMap((argument) => {
    if (argument.kind === 'aggregate' || argument.term.kind === 'wildcard') return [];
    const { term } = argument;
    if (term.kind === 'variable' || term.kind === 'constant') return [term];
    const name = `= ${tests.length}`;
    const computed: Variable = { kind: 'variable', name, type: term.type, span: term.span };
    tests.push({ kind: 'match', pattern: computed, term, span: term.span });
    return [computed];
  });
  const atom: Atom = { kind: 'atom', negated: false, relation: SOUGHT, arguments: parts, span };
  return [atom, ...tests];
}

/** Given heads come first, unless each of them would then walk a whole relation. */
function orderSought(
  literals: readonly Literal[],
  at: number,
  facts: OrderingFacts,
): readonly Step[] {
  const steps = orderChanged(literals, at, facts);
  const search = steps.find(
    ({ literal, access }) =>
      literal.kind === 'atom' && !literal.negated && access!.changeWidth === null,
  );
  const walks = search !== undefined && search.access!.columns.length === 0;
  return walks ? orderChanged(literals, at, facts, null) : steps;
}

/** Steps that speak of the body's own literals only, for what is to hold behind a failure. */
function withOriginal(steps: readonly Step[], count: number): readonly Step[] {
  return steps.map((step) => ({ ...step, others: step.others.filter((i) => i < count) }));
}
