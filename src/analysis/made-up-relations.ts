/**
 * Relations that the compiler adds to those of the program, and what to call them where a user reads
 * of them: by the relation that they stand for, and how what they hold came there.
 */
import type { Program, Rule } from '../semantics/program.js';
import { writtenName } from '../semantics/written-name.js';

/** A relation as a user knows it; `how` null for one that the program names itself. */
export interface Station {
  readonly name: string;
  readonly how: string | null;
}

/** Names on a way, relations and rules, as a user knows them; what stays the same is passed once. */
export function stationsOf(
  { relations }: Pick<Program, 'relations'>,
  path: readonly string[],
): readonly Station[] {
  const stations: Station[] = [];
  for (const name of path) {
    const from = relations.get(name)?.madeFrom;
    const station = { name: from?.relation ?? name, how: from?.how ?? null };
    const last = stations.at(-1);
    if (last?.name !== station.name || last.how !== station.how) stations.push(station);
  }
  return stations;
}

/** The relation of the program that stands behind a name. */
export function sourceName({ relations }: Pick<Program, 'relations'>, name: string): string {
  const relation = relations.get(name);
  return relation === undefined ? name : writtenName(relation);
}

/** Whether a rule stands for none that is written: it brings to its owners what a relation begins with. */
export function isOwnRule(
  { relations }: Pick<Program, 'relations'>,
  { head, origin }: Rule,
): boolean {
  if (origin.rewrite !== 'exchange') return false;
  const named = relations.get(origin.rule.replace(/#\d+$/, ''));
  return named?.madeFrom !== undefined || relations.get(head.relation)?.span === origin.span;
}

/** `link (sent to its owner by b)`. */
export function stationText({ name, how }: Station): string {
  return how === null ? name : `${name} (${how})`;
}

/** The same for a relation or a rule. */
export function stationName(program: Pick<Program, 'relations'>, name: string): string {
  const [station] = stationsOf(program, [name.replace(/#\d+$/, '')]);
  return station === undefined || station.how === null ? name : stationText(station);
}

/** The same for one relation, its name in backquotes. */
export function sourceText(program: Pick<Program, 'relations'>, name: string): string {
  const from = program.relations.get(name)?.madeFrom;
  return from === undefined ? `\`${name}\`` : `\`${from.relation}\` (${from.how})`;
}
