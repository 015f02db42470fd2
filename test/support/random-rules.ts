/**
 * Random rules over given relations. Relations have levels: a deductive rule reads its own level
 * positively and monotonically, lower ones as it likes; a rule with an effect sees everything.
 */
import { isLattice, pick, type Draw } from './random-columns.js';
import { RandomBody, type MixedRelation } from './random-body.js';

const modes = ['now', 'now', 'now', 'now', 'now', 'next', 'upsert', 'delete', 'async'] as const;
type Mode = (typeof modes)[number];

/** What of a rule is not left to chance. */
export interface RuleWish {
  readonly mode?: Mode;
  readonly head?: MixedRelation;
  /** What its first atom reads. */
  readonly first?: MixedRelation;
}

function headsFor(mode: Mode, relations: readonly MixedRelation[]): readonly MixedRelation[] {
  return relations.filter(({ kind, level, isKeyed }) => {
    if (mode === 'now') return level > 0 || kind === 'table' || (kind === 'static' && level === 0);
    if (mode === 'next') return ['table', 'scratch', 'lattice'].includes(kind);
    if (mode === 'upsert') return kind === 'table' && isKeyed;
    return mode === 'async' ? kind === 'loopback' : kind === 'table';
  });
}

/** The text of a rule that is called `name`. */
export function makeRule(
  relations: readonly MixedRelation[],
  draw: Draw,
  name: string,
  wish: RuleWish = {},
): string {
  const mode = wish.mode ?? pick(modes, draw);
  const heads = headsFor(mode, relations);
  const head = wish.head ?? (heads.length > 0 ? pick(heads, draw) : undefined);
  if (head === undefined) return makeRule(relations, draw, name);
  const own = mode === 'now' ? head.level : Number.POSITIVE_INFINITY;
  const isAggregated = mode !== 'delete' && head.columns.length > 0 && draw(6) === 0;
  const below = relations.filter((each) => isReadable(each, head) && each.level < own);
  const readable = relations.filter(
    (each) =>
      isReadable(each, head) &&
      (each.level < own || (each.level === own && !isAggregated && each.kind !== 'view')),
  );
  const first = wish.first !== undefined && readable.includes(wish.first) ? wish.first : undefined;
  if (readable.length === 0) return makeRule(relations, draw, name);
  const body = new RandomBody({ readable, below, own, first }, draw);
  const written = [headText(head, mode, isAggregated, body, draw)];
  if (mode === 'now' && !isAggregated && head.kind !== 'static' && draw(10) === 0)
    written.push(secondHead(relations, body, draw));
  return `${name}: ${written.join(', ')} :- ${body.text()};`;
}

/** Outputs are read by nobody here; statics read statics alone. */
function isReadable({ kind }: MixedRelation, head: MixedRelation): boolean {
  return kind !== 'output' && (head.kind !== 'static' || kind === 'static');
}

function secondHead(relations: readonly MixedRelation[], body: RandomBody, draw: Draw): string {
  const mode = pick(['next', 'async', 'upsert'] as const, draw);
  const heads = headsFor(mode, relations);
  if (heads.length === 0) return secondHead(relations, body, draw);
  return headText(pick(heads, draw), mode, false, body, draw);
}

function headText(
  head: MixedRelation,
  mode: Mode,
  isAggregated: boolean,
  body: RandomBody,
  draw: Draw,
): string {
  const columns = head.columns.map((type) => {
    if (mode === 'delete' && (isLattice(type) || draw(4) === 0)) return '_';
    return body.headTerm(type, isAggregated);
  });
  if (isAggregated) {
    aggregate(head, columns, columns.length - 1, body, draw);
    if (draw(3) === 0) aggregate(head, columns, draw(columns.length), body, draw);
  }
  const prefix = mode === 'upsert' || mode === 'delete' ? `${mode} ` : '';
  const suffix = mode === 'next' || mode === 'async' ? `@${mode}` : '';
  return `${prefix}${head.name}(${columns.join(', ')})${suffix}`;
}

/** Makes a column an aggregate where its type takes one. */
function aggregate(
  head: MixedRelation,
  columns: string[],
  at: number,
  body: RandomBody,
  draw: Draw,
): void {
  const [any, other, int] = [body.plainTerm('any'), body.plainTerm('any'), body.plainTerm('int')];
  const ofInt = [`min<${int}>`, `max<${int}>`, `sum<${int}>`, `choose<${int}>`];
  const of: Partial<Record<string, readonly string[]>> = {
    any: [
      ...['count', 'min', 'max', 'list', 'set', 'count_distinct', 'choose'].map(
        (name) => `${name}<${any}>`,
      ),
      ...['argmin', 'argmax', 'map'].map((name) => `${name}<${other}, ${any}>`),
      `top<2, ${any}>`,
      'count<*>',
      `avg<${int}>`,
    ],
    int: [...ofInt, `count<${any}>`, `argmin<${any}, ${int}>`, `argmax<${any}, ${int}>`],
    'lmax<int>': ofInt,
    'lmin<int>': ofInt,
    float: [
      `avg<${int}>`,
      ...['sum', 'min', 'max'].map((each) => `${each}<${body.plainTerm('float')}>`),
    ],
    bool: ['any', 'every'].map((each) => `${each}<${body.plainTerm('bool')}>`),
    string: ['min', 'max', 'choose'].map((each) => `${each}<${body.plainTerm('string')}>`),
    'list<int>': [`list<${int}>`, `top<2, ${int}>`],
    'set<int>': [`set<${int}>`],
    'map<int, int>': [`map<${int}, ${body.plainTerm('int')}>`],
    'lset<any>': [`set<${any}>`],
    'lset<int>': [`set<${int}>`],
  };
  const choices = of[head.columns[at]!];
  if (choices !== undefined) columns[at] = pick(choices, draw);
}
