/**
 * The plan in words: how each relation is kept, in which order strata run, and how each version of
 * a rule searches, a line a step, with the reason why its turn comes then.
 */
import { holdsGroups } from './add-groupings.js';
import { valueText } from '../base/value-text.js';
import type {
  BodyVersion,
  PhysicalPlan,
  PlannedRelation,
  PlannedRule,
  PlannedStratum,
  Step,
  StorageClass,
} from './physical-plan.js';
import { planUpkeep } from './plan-upkeep.js';

const storageWords: Readonly<Record<StorageClass, string>> = {
  static: 'filled once in the life of a node',
  stored: 'kept in place from timestep to timestep',
  maintained: 'kept, and brought up to date with what changes',
  ephemeral: 'derived anew in a timestep that reaches it',
};

/** Text of several lines, complete with its last line feed. */
export function explainPlan(plan: PhysicalPlan): string {
  const lines = [`plan of ${plan.program}`, '', 'relations'];
  for (const relation of plan.relations) lines.push(...explainRelation(relation));
  for (const [i, stratum] of plan.strata.entries())
    if (stratum.rules.length > 0) lines.push('', ...explainStratum(stratum, i, plan));
  if (plan.effects.length > 0) lines.push('', 'effects, which see the fixpoint');
  for (const rule of plan.effects) {
    lines.push(...explainRule(rule, plan));
    if (plan.maintainedEffects.has(rule.rule.id)) lines.push(...explainUpkeep([rule], [], plan));
  }
  return `${lines.join('\n')}\n`;
}

function explainRelation({
  schema,
  storage,
  isSupplementary,
  indexes,
  keyColumn,
  estimate,
  merged,
  isKeyed,
  isRows,
  bare,
}: PlannedRelation): string[] {
  const columns = (positions: readonly number[]): string =>
    positions.map((i) => schema.columns[i]!.name).join(', ');
  const lines = [
    `  ${schema.name}/${schema.columns.length}: ${storageWords[storage]}${schema.durable ? ', durable' : ''}; taken to hold ${estimate}`,
  ];
  if (isSupplementary)
    lines.push(
      holdsGroups(schema.name)
        ? '    supplementary: what an aggregate ranges over, by its groups, which are computed'
        : '    supplementary: what longer bodies begin with, without what they do not need of it',
    );
  if (isKeyed) lines.push(`    ${columns([1])} in place by ${columns([0])}`);
  else if (schema.columns.length === 2 && merged.length === 0 && !isRows)
    lines.push(`    tuples of one ${columns([keyColumn])} lie together`);
  if (merged.length > 0) {
    const values = bare.some((name) => name !== null) ? ', those of lmin and lmax as words' : '';
    lines.push(`    tuples of one key merge in ${columns(merged)}, in place${values}`);
  }
  const others = indexes.filter(
    (set) => schema.columns.length !== 2 || merged.length > 0 || set.join() !== `${keyColumn}`,
  );
  if (others.length > 0) lines.push(`    looked up by ${others.map(columns).join('; by ')}`);
  return lines;
}

function explainStratum(stratum: PlannedStratum, number: number, plan: PhysicalPlan): string[] {
  const names = stratum.relations.map((slot) => plan.relations[slot]!.schema.name).sort();
  const { closure, pivot } = stratum;
  const ways = pivot === null ? 'round by round' : 'word by word';
  const rounds = closure === null ? ways : 'as a whole';
  const how = stratum.isRecursive ? `recursive, ${rounds}` : 'once';
  return [
    `stratum ${number + 1}: ${names.join(', ')} (${how})`,
    ...explainRecursion(stratum, plan),
    ...stratum.rules.flatMap((rule) => explainRule(rule, plan)),
    ...(stratum.isMaintained ? explainUpkeep(stratum.rules, stratum.relations, plan) : []),
  ];
}

/** How rules are brought up to date that run together and fill the slots `own`. */
function explainUpkeep(
  rules: readonly PlannedRule[],
  own: readonly number[],
  plan: PhysicalPlan,
): string[] {
  const lines = ['  brought up to date with what changes'];
  for (const rule of rules) {
    const { name, head, aggregated } = rule.rule;
    lines.push(`  rule ${name}`);
    const { merged } = plan.relations[rule.head]!;
    const heads = aggregated ? 'groups' : merged.length > 0 ? 'keys' : 'tuples';
    const change = (title: string, steps: readonly Step[], what: string): void => {
      lines.push(`    ${title}`);
      for (const step of steps) lines.push(`      ${explainChangedStep(step, what, plan)}`);
    };
    const { bodies, follow } = planUpkeep(plan, rule, new Set(own));
    for (const { leave, enter, restore } of bodies) {
      for (const { literal, slot, isNegated, steps } of leave) {
        const what = `what ${plan.relations[slot]!.schema.name} has ${isNegated ? 'gained' : 'lost'}`;
        change(`from ${what} (literal ${literal + 1}): ${heads} that may be lost`, steps, what);
      }
      for (const { literal, slot, isNegated, steps } of enter) {
        // What these gain they read as their own new tuples.
        if (own.includes(slot) && plan.relations[slot]!.storage !== 'stored') continue;
        const what = `what ${plan.relations[slot]!.schema.name} has ${isNegated ? 'lost' : 'gained'}`;
        const found = aggregated ? 'groups that change' : 'tuples that are new';
        change(`from ${what} (literal ${literal + 1}): ${found}`, steps, what);
      }
      const what = `${heads} of ${head.relation} that may be lost`;
      change(`of ${what}: those that are derived otherwise`, restore, what);
    }
    if (follow !== null) {
      const of = plan.relations[follow.slot]!.schema.name;
      lines.push(`    large groups are not computed anew: they follow what ${of} gains and loses`);
    }
  }
  return lines;
}

function explainChangedStep(step: Step, what: string, plan: PhysicalPlan): string {
  const { access } = step;
  if (access === null || access.changeWidth === null) return explainStep(step, plan);
  const known = access.known.map((argument) =>
    argument.kind === 'constant' ? valueText(argument.value) : argument.name,
  );
  const binds = access.binds.map(({ name }) => name);
  const by = known.length === 0 ? '' : ` with ${known.join(', ')}`;
  const giving = binds.length === 0 ? '' : `, giving ${binds.join(', ')}`;
  return `${known.length === 0 ? 'walk' : 'look up'} ${what}${by}${giving}`;
}

function explainRecursion(
  { pivot, closure, relations, unchanging }: PlannedStratum,
  plan: PhysicalPlan,
): string[] {
  const lines: string[] = [];
  if (closure !== null) {
    const { copyOf } = closure;
    const name = plan.relations[relations[0]!]!.schema.name;
    const base = copyOf === null ? `what ${name} starts with` : copyOf;
    lines.push(`  the transitive closure of ${base}, component by component`);
    if (copyOf !== null) lines.push(`  otherwise, where ${name} starts with more than that:`);
  }
  if (pivot !== null) {
    const column = plan.relations[relations[0]!]!.schema.columns[pivot]!.name;
    lines.push(
      `  pivot ${column}: every recursive rule hands it on, so each ${column} is closed by itself, in one walk`,
    );
  }
  if (unchanging.length > 0) {
    const read = unchanging.map((slot) => plan.relations[slot]!.schema.name).sort();
    lines.push(`  read as rows that do not change meanwhile: ${read.join(', ')}`);
  }
  return lines;
}

function explainRule(rule: PlannedRule, plan: PhysicalPlan): string[] {
  const { mode } = rule.rule.head;
  const groups = rule.rule.aggregated ? `, groups over ${rule.variables.join(', ')}` : '';
  const lines = [`  rule ${rule.rule.name}${mode === 'now' ? '' : ` (${mode})`}${groups}`];
  for (const { full, deltas } of rule.bodies)
    for (const version of [full, ...deltas]) lines.push(...explainVersion(version, plan));
  return lines;
}

function explainVersion({ delta, steps }: BodyVersion, plan: PhysicalPlan): string[] {
  const title = delta === null ? 'all tuples' : `new tuples of literal ${delta + 1}`;
  const lines = steps.map(
    (step) => `      ${explainStep(step, plan)}; ${explainReason(step, plan, delta !== null)}`,
  );
  return [`    from ${title}`, ...lines];
}

/** Why a step has its turn when it has. */
function explainReason({ why, access }: Step, plan: PhysicalPlan, isDelta: boolean): string {
  if (why.kind !== 'fewest') {
    if (why.kind === 'ready') return 'as soon as all that it needs is known';
    return isDelta
      ? 'first, for only what is new needs to be met'
      : 'first, for what a recursion feeds is small when it begins';
  }
  const { schema, estimate } = plan.relations[access!.slot]!;
  const columns = access!.columns.map((column) => schema.columns[column]!.name);
  const known = columns.length === 0 ? 'nothing known' : `${columns.join(', ')} known`;
  const own = `${known}, about ${count(why.tuples)} of ${count(estimate)}`;
  if (why.others.length === 0) return `the atom that is left: ${own}`;
  const others = why.others.map(({ relation, tuples }) => `${relation} ${count(tuples)}`);
  return `fewest expected: ${own}, against ${others.join(', ')}`;
}

function count(tuples: number): string {
  return String(Math.round(tuples));
}

const partWords = { old: 'the older tuples of', delta: 'the new tuples of', visible: '' } as const;

function explainStep({ literal, access }: Step, plan: PhysicalPlan): string {
  if (literal.kind === 'assign') return `compute ${literal.variable.name}`;
  if (literal.kind === 'match') return 'take a value apart';
  if (literal.kind === 'member')
    return literal.negated ? 'test that no member matches' : 'walk the members of a collection';
  if (literal.kind === 'condition' || access === null) return 'test a condition';
  const { name, columns } = plan.relations[access.slot]!.schema;
  const known = access.columns.map((column, i) => {
    const argument = access.known[i]!;
    return `${columns[column]!.name} = ${argument.kind === 'constant' ? valueText(argument.value) : argument.name}`;
  });
  const by = known.length === 0 ? '' : ` with ${known.join(', ')}`;
  if (literal.negated) return `test that ${name} has nothing${by}`;
  const what = [partWords[access.part], name].filter((word) => word !== '').join(' ');
  if (known.length === columns.length) return `test that ${what} has the tuple${by}`;
  const binds = access.binds.map((bind) => bind.name).join(', ');
  return `${known.length === 0 ? 'walk' : 'look up'} ${what}${by}${binds === '' ? '' : `, giving ${binds}`}`;
}
