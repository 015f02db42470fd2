/**
 * Seals at run time: `sealed r(k)` literals become plain rules, so that nodes, evaluators and tools
 * need to know nothing of seals (COORDINATION 2.4).
 *
 * A producer that has sealed a key tells every reader so, with the number of tuples that it has sent
 * there under that key. Messages may come in any order and twice, so tuples travel with the name of
 * their sender, and a reader counts the distinct ones. Once every producer has said so and all that
 * was announced is there, the reader stores the key as sealed; from its next timestep on the literal
 * holds, for good. Producers are a static, so "all of them" is monotone.
 *
 *     action_by(by, to, s, i)@async :- action_out(to, s, i), self(by);
 *     action_end(at, by, s, n)@async :- (by has just sealed s, and has sent n tuples of s to at);
 *     action_sealed(s)@next :- action_ended(_, s, _), notin action_lacks(s);
 *
 * What a relation that does not travel holds is its node's own, and so is the promise: then nothing
 * is sent. Where no literal reads a seal, nothing of this is there.
 */
import { nameOfSealed, sealedName } from '../semantics/builtin-relations.js';
import type { Body, Program, Rule } from '../semantics/program.js';
import { announceSeals } from './announce-seals.js';
import { noteClosing } from './note-closing.js';
import { ProgramDraft } from './program-draft.js';
import { schemeOf, sealsRead } from './seal-scheme.js';
import type { SealScheme } from './seal-scheme.js';
import { tagSenders } from './tag-senders.js';
import { watchPromises } from './watch-promises.js';

/** A program without `sealed` literals. */
export interface LoweredSeals {
  readonly program: Program;
  /** The channel that carries a sealed relation, by its name. */
  readonly carriers: ReadonlyMap<string, string>;
}

/** The program as nodes run it. Contract: `findUnsealable` finds nothing in it. */
export function lowerSeals(program: Program): LoweredSeals {
  const seals = sealsRead(program);
  if (seals.length === 0) return { program, carriers: new Map() };
  const draft = new ProgramDraft(program);
  const carriers = new Map<string, string>();
  const stores = new Map<string, string>();
  for (const seal of seals) {
    const scheme = schemeOf(program, seal);
    const { carrier, store } = lowerSeal(draft, scheme);
    if (carrier !== null) carriers.set(seal.relation, carrier);
    stores.set(sealedName(seal.relation), store);
  }
  readStores(draft, stores);
  return { program: draft.finish(remarksAfter(program, draft, carriers)), carriers };
}

function lowerSeal(
  draft: ProgramDraft,
  scheme: SealScheme,
): { readonly carrier: string | null; readonly store: string } {
  const tagged = tagSenders(draft, scheme);
  const closing = noteClosing(draft, scheme, tagged);
  watchPromises(draft, scheme, tagged, closing);
  const store = scheme.listens ? announceSeals(draft, scheme, tagged, closing) : closing.closed;
  return { carrier: tagged.carrier, store };
}

/** The literals read what is stored of the seals. */
function readStores(draft: ProgramDraft, stores: ReadonlyMap<string, string>): void {
  // The heads of one clause share its bodies, and go on sharing them.
  const changed = new Map<Body, Body>();
  const changedBody = (body: Body): Body => {
    const known = changed.get(body);
    if (known !== undefined) return known;
    const literals = body.literals.map((literal) =>
      literal.kind === 'atom' && stores.has(literal.relation)
        ? { ...literal, relation: stores.get(literal.relation)! }
        : literal,
    );
    const after = { ...body, literals };
    changed.set(body, after);
    return after;
  };
  draft.mapRules((rule) => {
    if (!readsSeal(rule)) return rule;
    const origin = { ...rule.origin, rewrite: 'seal' };
    return { ...rule, bodies: rule.bodies.map(changedBody), origin };
  });
  for (const name of stores.keys()) draft.remove(name);
}

function readsSeal({ bodies }: Rule): boolean {
  return bodies.some(({ literals }) =>
    literals.some((literal) => literal.kind === 'atom' && nameOfSealed(literal.relation) !== null),
  );
}

/** Statements about rules and channels go on speaking of them. */
function remarksAfter(
  { remarks, rules }: Program,
  draft: ProgramDraft,
  carriers: ReadonlyMap<string, string>,
): Program['remarks'] {
  const newNames = new Map(rules.map(({ name }, i) => [name, draft.rules[i]!.name]));
  return {
    ...remarks,
    assumptions: remarks.assumptions.map((each) => ({
      ...each,
      rule: newNames.get(each.rule) ?? each.rule,
    })),
    coordinations: remarks.coordinations.map((each) => {
      const carrier = carriers.get(each.relation);
      if (carrier === undefined) return each;
      return {
        ...each,
        relation: carrier,
        key: each.key?.map((column) => column + 1) ?? null,
      };
    }),
  };
}
