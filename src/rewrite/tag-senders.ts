/**
 * What producers add to a sealed relation, caught where it is derived, and sent with their names.
 *
 * Each rule that adds tuples at another time than its own (a message, the next timestep) derives a
 * scratch of its own instead, `r_out`, from which its tuples go on as they did. So what a node adds is
 * known in the timestep in which it adds it, and by which rule.
 */
import type { Literal, Origin, Relation, Rule } from '../semantics/program.js';
import { addrType } from '../semantics/relate-types.js';
import { atomOf, termsOf } from './program-draft.js';
import type { Deriving, ProgramDraft } from './program-draft.js';
import { copyShape } from './seal-scheme.js';
import type { SealScheme } from './seal-scheme.js';

/** What one rule adds, or what comes in from outside. */
export interface Addition {
  readonly relation: string;
  readonly origin: Origin;
  /** Whether its tuples become messages. */
  readonly isSent: boolean;
}

export interface TaggedSenders {
  readonly additions: readonly Addition[];
  /** The channel on which the tuples travel, the sender in front; null if they do not. */
  readonly carrier: string | null;
}

export function tagSenders(draft: ProgramDraft, scheme: SealScheme): TaggedSenders {
  const { relation, travels, listens } = scheme;
  const isCaught = ({ head }: Rule): boolean =>
    head.relation === relation.name &&
    head.mode !== 'delete' &&
    (listens || (head.mode !== 'now' && head.mode !== 'async'));
  const caught = draft.rules.flatMap((rule, i) => (isCaught(rule) ? [i] : []));
  const own = ownRules(draft.rules, relation, isCaught);
  const carrier = travels ? declareCarrier(draft, scheme) : null;
  const additions = caught.map((place) => catchRule(draft, scheme, place, carrier));
  if (own !== null) additions.push({ relation: relation.name, origin: own, isSent: false });
  return { additions, carrier };
}

/** Where rules and inputs that are left as they are come from; null if there are none. */
function ownRules(
  rules: readonly Rule[],
  { name, kind, span }: Relation,
  isCaught: (rule: Rule) => boolean,
): Origin | null {
  if (kind === 'input') return { rule: name, span, rewrite: 'seal' };
  const left = rules.filter(
    (rule) => rule.head.relation === name && rule.head.mode === 'now' && !isCaught(rule),
  );
  const [first] = left;
  if (first === undefined) return null;
  const rule = [...new Set(left.map(({ origin }) => origin.rule))].join(' or ');
  return { rule, span: first.origin.span, rewrite: 'seal' };
}

/** The relation arrives through a channel of its own, which says from whom. */
function declareCarrier(draft: ProgramDraft, scheme: SealScheme): string {
  const { relation, row, spare, span } = scheme;
  const { name, columns, location, hasKey, keyLength, kind } = relation;
  const sender = { name: spare('from'), type: addrType, span };
  const carrier = draft.declare(
    `${name}_by`,
    {
      kind: 'channel',
      columns: [sender, ...columns],
      location: location! + 1,
      keyLength: hasKey ? keyLength + 1 : null,
      durable: relation.durable,
      doc: null,
      span,
    },
    { relation: name, how: 'sent with its producer' },
  );
  if (kind === 'channel') draft.change(name, { kind: 'scratch', durable: false });
  const anybody = { kind: 'wildcard', type: addrType, span } as const;
  draft.derive({
    head: name,
    mode: 'now',
    arguments: termsOf(row),
    body: [atomOf(carrier, [anybody, ...row], span)],
    origin: { rule: name, span, rewrite: 'seal' },
  });
  return carrier;
}

/** One rule derives a scratch of its own, and from there its tuples go their way. */
function catchRule(
  draft: ProgramDraft,
  scheme: SealScheme,
  place: number,
  carrier: string | null,
): Addition {
  const { relation, row, span } = scheme;
  const rule = draft.rules[place]!;
  const { mode } = rule.head;
  const out = draft.declare(`${relation.name}_out`, copyShape(scheme), {
    relation: relation.name,
    how: 'as derived by its producer',
  });
  const origin: Origin = { ...rule.origin, rewrite: 'seal' };
  const isNamedAfter = !rule.labelled && rule.name.startsWith(`${relation.name}#`);
  const name = isNamedAfter ? draft.nameFor(out) : rule.name;
  draft.mapRules((each, i) => {
    if (i === place) {
      const head = { ...rule.head, relation: out, mode: 'now' } as const;
      return { ...rule, name, head, origin };
    }
    // Other heads of the same clause.
    return isNamedAfter && each.name === rule.name ? { ...each, name } : each;
  });
  const isSent = mode === 'async';
  const goOn: Pick<Deriving, 'head' | 'arguments'> & { readonly body: readonly Literal[] } = isSent
    ? {
        head: carrier!,
        arguments: termsOf([scheme.producer, ...row]),
        body: [atomOf(draft.use('self', span), [scheme.producer], span)],
      }
    : {
        head: relation.name,
        arguments: termsOf(row),
        body:
          relation.location === null
            ? []
            : [atomOf(draft.use('self', span), [row[relation.location]!], span)],
      };
  const body = [atomOf(out, row, rule.head.span), ...goOn.body];
  draft.derive({ ...goOn, mode, body, origin });
  return { relation: out, origin, isSent };
}
