/**
 * From which events a literal is fed at its node: the channels, inputs, timers and messages to
 * itself that lie upstream of it without another message between, each with the shortest chain of
 * relations and, along that chain, the columns that carry the asked ones unchanged.
 */
import type { Known } from './find-defects.js';
import { clausesOf, relationOf } from './program-index.js';
import type { Atom, Clause } from './program-index.js';
import { isEventSource } from './sequencing.js';

export interface Source {
  readonly relation: string;
  /** From the source to the literal's relation, both included. */
  readonly path: readonly string[];
  /** Names of the source's columns that carry the asked columns; those that are lost are left out. */
  readonly key: readonly string[];
}

interface Step {
  readonly relation: string;
  readonly path: readonly string[];
  readonly columns: readonly number[];
}

/** Event sources upstream of a relation, nearest first. `columns`: those whose origin is asked. */
export function traceSources(
  known: Known,
  relation: string,
  columns: readonly number[],
): readonly Source[] {
  const { index, growth } = known;
  const sources: Source[] = [];
  const seen = new Set([relation]);
  const queue: Step[] = [{ relation, path: [relation], columns }];
  for (const step of queue) {
    if (isEventSource(index, step.relation)) {
      const { columns: declared, location } = relationOf(index, step.relation);
      const key = step.columns.filter((c) => c !== location).map((c) => declared[c]?.name ?? '');
      sources.push({ relation: step.relation, path: step.path, key: [...new Set(key)] });
      continue;
    }
    for (const clause of clausesOf(index, step.relation)) {
      for (const atom of clause.atoms) {
        if (seen.has(atom.relation) || growth.growthByRelation.get(atom.relation) === 'static')
          continue;
        seen.add(atom.relation);
        const inner = carriedColumns(clause, atom, step.columns);
        queue.push({
          relation: atom.relation,
          path: [atom.relation, ...step.path],
          columns: inner,
        });
      }
    }
  }
  // The boot event happens once at each node: it only matters where nothing else does.
  const moving = sources.filter((source) => relationOf(index, source.relation).builtin !== 'boot');
  return moving.length > 0 ? moving : sources;
}

/** All event sources that feed the given relations at a node. */
export function localSources(known: Known, relations: Iterable<string>): ReadonlySet<string> {
  const sources = new Set<string>();
  const seen = new Set<string>();
  const waiting = [...relations];
  while (waiting.length > 0) {
    const name = waiting.pop()!;
    if (seen.has(name) || known.growth.growthByRelation.get(name) === 'static') continue;
    seen.add(name);
    if (isEventSource(known.index, name)) sources.add(name);
    else
      for (const clause of clausesOf(known.index, name))
        for (const atom of clause.atoms) waiting.push(atom.relation);
  }
  return sources;
}

function carriedColumns(clause: Clause, atom: Atom, columns: readonly number[]): readonly number[] {
  const carried = columns.map((column) => {
    const argument = clause.rule.head.arguments[column];
    if (argument?.kind !== 'term' || argument.term.kind !== 'variable') return -1;
    const { name } = argument.term;
    return atom.arguments.findIndex((a) => a.kind === 'variable' && a.name === name);
  });
  return carried.filter((column) => column !== -1);
}
