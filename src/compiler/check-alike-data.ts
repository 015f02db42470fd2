/**
 * Data that an ordered log, a seal or a cluster-wide rule needs to be the same at all nodes, held
 * against what the nodes are given.
 *
 * The plan is made from the program alone: it takes statics and the first rows of tables to be alike
 * everywhere, unless they are located. A cluster file or a folder of facts may give them node by
 * node. Then an entry would not reach the same receivers from every sender, or replicas would come
 * to other states by the same entries; who waits for a seal would not wait for all producers; and a
 * rule over cluster-wide relations, which is evaluated where its tuples are, would miss the rows of
 * another node. It is refused before anything runs.
 */
import { findConfluenceFacts } from '../analysis/confluence.js';
import type { ConfluenceFacts } from '../analysis/confluence.js';
import { mayFailAt } from '../analysis/determinism.js';
import { clausesOf } from '../analysis/program-index.js';
import { findEntryFed } from '../analysis/unlike-nodes.js';
import { rowKey } from '../base/value.js';
import type { Table } from '../base/table.js';
import type { Row } from '../base/value.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { producerStatics } from '../analysis/unsealable.js';
import { sealsRead } from '../rewrite/seal-scheme.js';
import type { CompiledProgram } from './compile-source.js';

/** Rows that a node begins with; `node` null: all nodes. */
interface GivenRows {
  readonly node: string | null;
  readonly relation: string;
  readonly rows: readonly Row[] | Table;
}

/** One error for each relation that differs from node to node though it is needed alike. */
export function checkAlikeData(
  compiled: CompiledProgram,
  nodes: readonly string[],
  facts: readonly GivenRows[],
): readonly Diagnostic[] {
  const given = new Set(facts.flatMap(({ node, relation }) => (node === null ? [] : [relation])));
  if (given.size === 0) return [];
  const needs = [...needsOfLog(compiled), ...needsOfSeals(compiled), ...needsOfRules(compiled)];
  return [...given].sort().flatMap((name) => {
    const relation = compiled.program.relations.get(name);
    if (relation === undefined || relation.location !== null) return [];
    const need = needs.find(({ relations }) => relations.has(name));
    if (need === undefined) return [];
    const contents = nodes.map((node) => contentOf(facts, name, node));
    const other = contents.findIndex((content) => content !== contents[0]);
    if (other === -1) return [];
    const diagnostic: Diagnostic = {
      code: 'TRL1015',
      severity: 'error',
      message: `\`${name}\` has other rows at node \`${nodes[other]!}\` than at node \`${nodes[0]!}\`, and ${need.why}`,
      primary: { span: relation.span },
      help: `give \`${name}\` the same rows at all nodes, or ${need.otherwise(name)}`,
    };
    return [diagnostic];
  });
}

/** Relations that have to be alike. */
interface Need {
  readonly relations: ReadonlySet<string>;
  readonly why: string;
  readonly otherwise: (relation: string) => string;
}

function needsOfLog({ program, plan }: CompiledProgram): readonly Need[] {
  if (plan.orderedLog === null) return [];
  const channels = new Set(plan.orderedLog.channels);
  const relations = findNeeded(
    findConfluenceFacts(program, channels),
    plan.points.map((point) => point.relation),
  );
  const log = [...channels].map((channel) => `\`${channel}\``).join(', ');
  return [
    {
      relations,
      why: `the ordered log of ${log} needs them alike`,
      otherwise: () => 'switch the log off with --coordinate none',
    },
  ];
}

/** Who waits for a seal looks up the producers in its own rows. */
function needsOfSeals({ guarded }: CompiledProgram): readonly Need[] {
  return sealsRead(guarded).map((seal) => ({
    relations: new Set(producerStatics(guarded, seal)),
    why: `whoever waits for the seal of \`${seal.relation}\` needs them alike`,
    otherwise: () => 'show the result as a view without waiting, which takes corrections',
  }));
}

function needsOfRules({ alike }: CompiledProgram): readonly Need[] {
  return [
    {
      relations: alike,
      why: 'a rule over cluster-wide relations, which is evaluated where its tuples are, needs them alike',
      otherwise: (name) =>
        `declare it with \`partition by\`, or as \`table ${name}\`, of which each node has its own`,
    },
  ];
}

function contentOf(facts: readonly GivenRows[], relation: string, node: string): string {
  const rows = facts.filter(
    (fact) => fact.relation === relation && (fact.node === null || fact.node === node),
  );
  return [...new Set(rows.flatMap((fact) => Array.from(fact.rows, rowKey)))].sort().join('\n');
}

/** What the fan-out of the log, the obligations it discharges and its failing rules rest on. */
function findNeeded(
  { known, replication }: ConfluenceFacts,
  points: readonly string[],
): ReadonlySet<string> {
  const { index, ordered } = known;
  const fed = findEntryFed(index, ordered);
  const failing = index.clauses.filter(
    (clause) => clause.atoms.some((atom) => fed.has(atom.relation)) && mayFailAt(known, clause),
  );
  const over = [...ordered].flatMap((channel) =>
    (replication.fanOutsByChannel.get(channel) ?? []).flatMap((fanOut) => fanOut.over),
  );
  const read = failing.flatMap((clause) => clause.atoms.map((atom) => atom.relation));
  const needed = new Set([...points, ...over, ...read]);
  for (const name of needed) {
    if (ordered.has(name)) continue;
    for (const clause of clausesOf(index, name))
      for (const atom of clause.atoms) needed.add(atom.relation);
  }
  return needed;
}
