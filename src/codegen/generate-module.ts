/**
 * The JavaScript of a whole program: a function for each version of each rule. What to do behind
 * an evaluation that fails is generated when one does, which is seldom: written out beforehand it
 * would double with every literal that may fail.
 */
import { defined } from '../base/assert.js';
import { positionAt, type Span } from '../base/span.js';
import { orderRest, type OrderingFacts } from '../plan/order-literals.js';
import type { PhysicalPlan, PlannedRule } from '../plan/physical-plan.js';
import { planUpkeep, type RuleUpkeep } from '../plan/plan-upkeep.js';
import { CodePools } from './code-pools.js';
import { CodeUnit } from './code-unit.js';
import { generateClosing } from './generate-closing.js';
import { VersionGenerator } from './generate-version.js';
import { quoteComment } from './quote.js';
import { makeSourceMap, type SourceMap } from './source-map.js';

export interface GeneratedModule {
  /** The body of a function of the runtime `$`; returns functions by `versionKey`. */
  readonly source: string;
  /** What debuggers and stack traces call the source. */
  readonly url: string;
  /** From lines of the source to rules. */
  readonly map: () => SourceMap;
  /** Grow when `rest` is called. */
  readonly pools: CodePools;
  /** The body of a function of `$` that returns `rest`, for one failure site. */
  readonly rest: (site: number) => string;
  /** What brings rules up to date that run together; `own` holds the slots of their heads. */
  readonly upkeep: (rules: readonly PlannedRule[], own: ReadonlySet<number>) => GeneratedUpkeep;
}

export interface GeneratedUpkeep {
  readonly rules: readonly RuleUpkeep[];
  /** The body of a function of `$` that returns functions by `upkeepKey`. */
  readonly source: string;
}

/** The key of a version's function: of a delta version by the atom's position. */
function versionKey(rule: number, body: number, delta: number | null): string {
  return `r${rule}b${body}${delta === null ? 'full' : `d${delta}`}`;
}

/** What a version of upkeep is for; see plan-upkeep.ts. */
type UpkeepPurpose = 'leave' | 'enter' | 'restore' | 'follow';

function upkeepKey(rule: number, body: number, purpose: UpkeepPurpose, literal: number): string {
  return `r${rule}b${body}${purpose}${literal}`;
}

/**
 * From so many rules on, those that do not recur call what others have written out: an insertion in
 * a loop is four fifths of a rule's text, and of so many rules few are hot.
 */
const MANY_RULES = 256;

/** `counts`: for a profile. */
export function generateModule(plan: PhysicalPlan, counts = false): GeneratedModule {
  const pools = new CodePools();
  const unit = new CodeUnit(pools, counts);
  const rules = [...plan.strata.flatMap((stratum) => stratum.rules), ...plan.effects];
  unit.writer.line(quoteComment(`program ${plan.program}`));
  const unchanging = new Map(
    plan.strata.flatMap((stratum) => stratum.rules.map((rule) => [rule, stratum.unchanging])),
  );
  const recurring = new Set(
    plan.strata.flatMap((stratum) => (stratum.isRecursive ? stratum.rules : [])),
  );
  for (const rule of rules) {
    const { origin } = rule.rule;
    unit.isTerse = rules.length > MANY_RULES && !recurring.has(rule);
    unit.writer.origin = origin.span;
    for (const line of ruleLines(origin.span)) unit.writer.line(quoteComment(line));
    for (const [body, { full, deltas }] of rule.bodies.entries()) {
      for (const version of [full, ...deltas]) {
        const generator = new VersionGenerator(unit, plan, rule, body, unchanging.get(rule));
        generator.version(version, versionKey(rule.rule.id, body, version.delta));
      }
    }
  }
  unit.isTerse = false;
  // A profile counts rule by rule, so its recursions go round by round.
  const whole = plan.strata.filter(({ pivot, closure }) => pivot !== null || closure !== null);
  if (!counts) for (const stratum of whole) generateClosing(unit, plan, stratum);
  unit.writer.origin = null;
  const url = `trellis/${plan.program.replace(/[^A-Za-z0-9_.-]/g, '_')}.js`;
  const byId = new Map(rules.map((rule) => [rule.rule.id, rule] as const));
  return {
    source: unit.source(),
    url,
    map: () => makeSourceMap(url, unit.origins()),
    pools,
    rest: (site) => generateRest(plan, byId, pools, site),
    upkeep: (of, own) => {
      const upkeep = of.map((rule) => planUpkeep(plan, rule, own));
      return { rules: upkeep, source: generateUpkeep(plan, pools, upkeep, counts) };
    },
  };
}

/** Where a rule stands and what it says, for a reader of the code. */
function ruleLines({ file, start, end }: Span): readonly string[] {
  const { line } = positionAt(file, start);
  const text = file.text.slice(start, end).split(/\r\n|\n|\r/);
  return [`${file.path}:${line}`, ...text.map((each) => `  ${each}`)];
}

function generateUpkeep(
  plan: PhysicalPlan,
  pools: CodePools,
  rules: readonly RuleUpkeep[],
  counts: boolean,
): string {
  const unit = new CodeUnit(pools, counts);
  for (const { planned, bodies, follow } of rules) {
    const { id, aggregated } = planned.rule;
    const generatorOf = (body: number): VersionGenerator =>
      new VersionGenerator(unit, plan, planned, body);
    for (const [body, { leave, enter, restore }] of bodies.entries()) {
      const generator = (): VersionGenerator => generatorOf(body);
      for (const { literal, steps } of leave)
        generator().ofChange(
          steps,
          { notes: true, isLenient: true },
          upkeepKey(id, body, 'leave', literal),
        );
      for (const { literal, steps } of enter)
        generator().ofChange(
          steps,
          { notes: aggregated, isLenient: false },
          upkeepKey(id, body, 'enter', literal),
        );
      generator().ofChange(
        restore,
        { notes: false, isLenient: false },
        upkeepKey(id, body, 'restore', 0),
      );
    }
    if (follow !== null)
      generatorOf(0).ofChange(
        follow.steps,
        { notes: false, isLenient: false },
        upkeepKey(id, 0, 'follow', follow.literal),
      );
  }
  return unit.source();
}

function generateRest(
  plan: PhysicalPlan,
  rules: ReadonlyMap<number, PlannedRule>,
  pools: CodePools,
  site: number,
): string {
  const { rule: id, body, others, bound } = defined(pools.sites[site], 'a failure site');
  const rule = defined(rules.get(id), 'a rule');
  const facts: OrderingFacts = {
    slotOf: (name) => defined(plan.slotByName.get(name), `relation ${name}`),
    estimateOf: (name) => plan.relations[plan.slotByName.get(name)!]!.estimate,
    keyLengthOf: (name) => plan.relations[plan.slotByName.get(name)!]!.schema.keyLength,
  };
  const steps = orderRest(rule.bodies[body]!.body, others, bound, facts);
  const unit = new CodeUnit(pools);
  new VersionGenerator(unit, plan, rule, body).rest(steps, bound, 'rest');
  return unit.source();
}
