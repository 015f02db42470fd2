/**
 * A `.ded` program as one `.bloom` program that runs all nodes at once, in lockstep:
 *
 *     location            an ordinary first column: the program's one evaluator holds all nodes
 *     p(..) :- body       the same rule; it fires where its first literal lives, which must be a
 *                         node: `..., node@(place)`. Assertions look at all nodes and do without
 *     p(..)@next          the same
 *     p(..)@async         `@next`, if the place is a node: an async tuple arrives in the next round;
 *                         else it is lost, and `lost@(place)` says so
 *     p(..)@k;            k = 1: a fact at boot; later: `p(..) :- time@(k)`; without `@`: always
 *     p(..) at k in body  `p@k(..)`, a table that takes up what `p` holds when `time@(k)`
 *     clock(a, b, t, u)   at time t for all nodes a and b, u = t + 1;  crash: nothing crashes
 *
 * `time@` is 1 at boot and counts up to the last time that the program names. This is how Molly
 * evaluates programs, with time as a column of every relation (Alvaro, Rosen and Hellerstein,
 * Lineage-driven Fault Injection, 2015, section 4), but timestep by timestep.
 */
import type * as ast from '../syntax/ast.js';
import type { DedalusPlaces } from './place-dedalus.js';
import { atomsOf, type DedalusProgram, type DedalusRule } from './dedalus-program.js';
import { Lowering, type LoweredModule } from './dedalus-lowering.js';
import {
  atom,
  binding,
  clause,
  declaration,
  headOf,
  lostRelation,
  nodeRelation,
  numberTerm,
  termArguments,
  timeRelation,
  typeNamed,
} from './dedalus-syntax.js';

export function lowerLockstep(program: DedalusProgram, places: DedalusPlaces): LoweredModule {
  const lowering = new Lowering(program);
  for (const relation of program.relations.values()) {
    if (relation.name !== 'crash') lowering.declareRelation(relation, false);
    else declareCrash(lowering, relation.span);
  }
  declareNodes(lowering);
  for (const rule of program.rules) addRule(lowering, rule, places);
  for (const fact of program.facts) lowering.addFact(fact, (items) => ({ items, literals: [] }));
  for (const relation of program.relations.values()) lowering.addAlways(relation, false);
  lowering.addHeld(() => false);
  lowering.addTime();
  if (program.lastTime === null) addClock(lowering);
  return lowering.finish();
}

function declareNodes(lowering: Lowering): void {
  const span = { file: lowering.program.module.file, start: 0, end: 0 };
  const column = {
    name: { text: 'node', span },
    located: false,
    type: typeNamed('any', span),
    span,
  };
  lowering.declare(declaration('static', nodeRelation, [column], span));
  if (lowering.program.rules.some(({ head }) => head.time === 'async'))
    lowering.declare(declaration('scratch', lostRelation, [column], span));
}

function declareCrash(lowering: Lowering, span: ast.Identifier['span']): void {
  const types = ['any', 'any', 'int'];
  const columns = types.map((type, i) => ({
    name: { text: `c${i + 1}`, span },
    located: false,
    type: typeNamed(type, span),
    span,
  }));
  lowering.declare(declaration('static', 'crash', columns, span));
}

function addRule(lowering: Lowering, rule: DedalusRule, places: DedalusPlaces): void {
  const { head, body, span } = rule;
  const literals = body.map((literal): ast.Literal =>
    literal.kind === 'atom'
      ? atom(lowering.relationRead(literal), literal.arguments, literal.span, literal.negated)
      : literal,
  );
  const relation = head.relation.text;
  const place = atomsOf(body)[0]?.arguments[0];
  if (!places.assertions.has(relation) && (place?.kind === 'name' || place?.kind === 'constant'))
    literals.push(atom(nodeRelation, [place], place.span));
  const isAsync = head.time === 'async';
  const receiver = isAsync ? head.arguments[0] : undefined;
  if (receiver?.kind === 'term') {
    const term = bindReceiver(lowering, receiver.term, literals);
    const lost = headOf(lostRelation, termArguments([term]), 'now', head.span);
    const noNode = atom(nodeRelation, [term], term.span, true);
    lowering.add(clause(lost, [...literals, noNode], head.span));
    literals.push(atom(nodeRelation, [term], term.span));
  }
  const time = isAsync ? 'next' : (head.time as 'now' | 'next');
  lowering.add(clause(headOf(relation, head.arguments, time, head.span), literals, span), rule);
}

/** The receiver as a variable or constant; other terms get a name among the literals. */
function bindReceiver(lowering: Lowering, term: ast.Term, literals: ast.Literal[]): ast.Term {
  if (term.kind === 'name' || term.kind === 'constant') return term;
  const name = lowering.fresh.next(term.span);
  literals.push(binding(name, term, term.span));
  return name;
}

function addClock(lowering: Lowering): void {
  const relation = lowering.program.relations.get('clock')!;
  const { span } = relation;
  const [from, to, now] = ['n', 'm', 't'].map((text): ast.Term => ({ kind: 'name', text, span }));
  const one = numberTerm(1, span);
  const then: ast.Term = { kind: 'binary', operator: '+', left: now!, right: one, span };
  const body = [
    atom(timeRelation, [now!], span),
    atom(nodeRelation, [from!], span),
    atom(nodeRelation, [to!], span),
  ];
  const items = termArguments([from!, to!, now!, then]);
  lowering.add(clause(headOf('clock', items, 'now', span), body, span));
}
