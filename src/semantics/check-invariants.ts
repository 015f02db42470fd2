/**
 * Invariants as bodies over the tuples of all nodes. What a node holds is told apart by a column in
 * front (`decided(v)@n` is `decided(n, v)`); a located relation has its node among its columns
 * already. Literals without a place stand at one and the same node, which is any node in turn, as
 * the body of a rule does; so `!(a(x), notin b(x))` speaks of each node by itself.
 */
import type * as ast from '../syntax/ast.js';
import { buildBody } from './build-body.js';
import type { RemarkContext } from './remark-context.js';
import { desugarBody, type Names } from './desugar-body.js';
import { expandArguments } from './expand-arguments.js';
import { orderBody } from './order-body.js';
import { columnDraft, type RelationDraft } from './relation-draft.js';
import { asAtom } from './relation-uses.js';
import { impliedNode, nodesRelation, placeColumn, type Invariant } from './remarks.js';

/** The invariants of a module without those that have errors. */
export function checkInvariants(module: ast.Module, context: RemarkContext): readonly Invariant[] {
  const statements = module.statements.filter((statement) => statement.kind === 'invariant');
  if (statements.length === 0) return [];
  const names = placedNames(context.names, statements[0]!);
  return statements.map(({ name, body, doc, span }) => ({
    name: name.text,
    bodies: body.map((conjunction) => buildConjunction(conjunction, names, context)),
    doc,
    span,
  }));
}

/** The relations as invariants see them. */
function placedNames(names: Names, { span }: ast.Invariant): Names {
  const front = (): RelationDraft['columns'][number] =>
    columnDraft(placeColumn, { kind: 'addr' }, span);
  const placed = [...names.relations].map(([name, draft]): [string, RelationDraft] => [
    name,
    draft.location !== null
      ? draft
      : { ...draft, columns: [front(), ...draft.columns], keyLength: draft.keyLength + 1 },
  ]);
  const nodes: RelationDraft = {
    name: nodesRelation,
    kind: 'static',
    columns: [front()],
    keyLength: 1,
    hasKey: false,
    location: null,
    partition: null,
    builtin: null,
    durable: false,
    declared: true,
    periodMs: null,
    doc: null,
    span,
    shapedAt: span,
  };
  const relations = new Map([...placed, [nodesRelation, nodes] as const]);
  return { ...names, relations, relationNames: new Set([...names.relationNames, nodesRelation]) };
}

function buildConjunction(
  { literals, span }: ast.PlacedConjunction,
  names: Names,
  context: RemarkContext,
): Invariant['bodies'][number] {
  const { reporter, typing } = context;
  const placed = literals.flatMap((literal) => placeLiteral(literal, context) ?? []);
  // What a literal with an error would have bound is not to be missed.
  if (placed.length < literals.length)
    return buildBody(orderBody([], names.isConstant, span, reporter), typing, reporter).body;
  const usesImplied = placed.some(({ implied }) => implied);
  const nodes = atomLiteral({ text: nodesRelation, span }, [placeArgument(null, span)], span);
  const body = [...(usesImplied ? [nodes] : []), ...placed.map(({ literal }) => literal)];
  const drafts = desugarBody(body, names, reporter);
  return buildBody(orderBody(drafts, names.isConstant, span, reporter), typing, reporter).body;
}

interface Placed {
  readonly literal: ast.Literal;
  /** Whether it stands at the node of all literals without a place. */
  readonly implied: boolean;
}

/** The literal with its node in front; null after an error. */
function placeLiteral(
  { literal, place }: ast.PlacedLiteral,
  { names, reporter }: RemarkContext,
): Placed | null {
  if (literal.kind === 'sealed') {
    reporter.error('TRL1110', literal.span, 'an invariant speaks of tuples, and a seal is none', {
      help: 'leave the literal out, or name the relation that says when its producers are done',
    });
    return null;
  }
  const atom = asAtom(literal, names.relationNames);
  if (atom === null) {
    if (place !== null)
      reporter.error('TRL1109', place.span, 'only a tuple is at a node; this is no relation', {
        help: 'leave out the `@`',
      });
    return { literal, implied: false };
  }
  const relation = names.relations.get(atom.relation.text);
  if (relation === undefined) return null;
  if (relation.location !== null) {
    if (place !== null) reportLocated(relation, place, reporter);
    return { literal, implied: false };
  }
  const row = expandArguments(relation, atom.arguments, atom.span, reporter);
  if (row === null) return null;
  const { span } = atom;
  const rest = row.map((argument): ast.Argument => ({
    name: null,
    term: argument?.term ?? { kind: 'wildcard', span },
  }));
  const arguments_ = [placeArgument(place, span), ...rest];
  const placed = atom.negated
    ? ({ kind: 'negation', relation: atom.relation, arguments: arguments_, span } as const)
    : atomLiteral(atom.relation, arguments_, span);
  return { literal: placed, implied: place === null };
}

function reportLocated(
  relation: RelationDraft,
  place: ast.Term,
  reporter: RemarkContext['reporter'],
): void {
  const column = relation.columns[relation.location!]!.name;
  reporter.error(
    'TRL1109',
    place.span,
    `a tuple of \`${relation.name}\` lives at the node in its column \`${column}\``,
    {
      secondary: [{ span: relation.span, text: `\`@${column}\`` }],
      help: `leave out the \`@\` and put the variable into \`${column}\``,
    },
  );
}

function placeArgument(place: ast.Term | null, span: ast.Identifier['span']): ast.Argument {
  return { name: null, term: place ?? { kind: 'name', text: impliedNode, span } };
}

function atomLiteral(
  relation: ast.Identifier,
  items: readonly ast.Argument[],
  span: ast.Identifier['span'],
): ast.Literal {
  return {
    kind: 'condition',
    term: { kind: 'call', callee: relation, arguments: items, span },
    span,
  };
}
