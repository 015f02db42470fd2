/**
 * Warnings about a program together with what it is given or how it is run: an input that gets
 * nothing while another gets something, facts at nodes that are not there, and assertions that
 * nodes by themselves cannot evaluate.
 */
import type { Span } from '../base/span.js';
import { valueText } from '../base/value-text.js';
import type { Value } from '../base/value.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Program } from '../semantics/program.js';
import { showDiagnostics } from './console.js';
import type { Prepared } from './prepare.js';

/**
 * Of a workload that feeds some input, the inputs for which it has no rows; and the facts of the
 * program that name no node.
 */
export function warnOfData({ compiled, workload, nodes }: Prepared): void {
  const fed = new Set(workload.inputs.map(({ relation }) => relation));
  if (fed.size > 0) showDiagnostics(unfedInputs(compiled.program, fed));
  const { relations, facts } = compiled.program;
  const places = facts.flatMap(({ relation, row, span }): PlacedFact[] => {
    const { location } = relations.get(relation)!;
    return location === null ? [] : [{ relation, place: row[location]!, span }];
  });
  warnOfPlaces(places, nodes);
}

/** A fact that lives at one node. */
export interface PlacedFact {
  readonly relation: string;
  readonly place: Value;
  readonly span: Span;
}

/** Of each place that is no node of this run, the first fact there. */
export function warnOfPlaces(facts: readonly PlacedFact[], nodes: readonly string[]): void {
  const known = new Set<Value>(nodes);
  const lost = facts.filter(({ place }) => {
    const isLost = !known.has(place);
    known.add(place);
    return isLost;
  });
  showDiagnostics(lost.map((fact) => lostFact(fact, nodes)));
}

function lostFact({ relation, place, span }: PlacedFact, nodes: readonly string[]): Diagnostic {
  return {
    code: 'TRL1012',
    severity: 'warning',
    message: `a fact of \`${relation}\` stands at ${valueText(place)}, which is no node of this run`,
    primary: { span },
    notes: [`the nodes are ${nodes.join(', ')}`],
    help: 'nobody will look at it; name all nodes with --nodes or in the cluster file, or mend the name',
  };
}

function unfedInputs({ relations }: Program, fed: ReadonlySet<string>): readonly Diagnostic[] {
  return [...relations.values()].flatMap(({ name, kind, builtin, span }): Diagnostic[] => {
    if (kind !== 'input' || builtin !== null || fed.has(name)) return [];
    return [
      {
        code: 'TRL1206',
        severity: 'warning',
        message: `nothing feeds the input \`${name}\`: the given inputs have no rows for it`,
        primary: { span },
        help: `add rows for it: {"rel": "${name}", "row": [...]}`,
      },
    ];
  });
}

/** The assertions of a `.ded` program speak of all nodes at once, and no process holds them all. */
export function warnUnseenAssertions({ compilation }: Prepared): void {
  const assertions = compilation.dedalus?.dedalus?.assertions ?? null;
  if (assertions === null) return;
  const names = [...assertions.program.observables].sort();
  if (names.length === 0) return;
  showDiagnostics([
    {
      code: 'TRL0869',
      severity: 'warning',
      message: `no node evaluates ${names.map((name) => `\`${name}\``).join(' and ')}: assertions are about all nodes at once`,
      help: '`trellis run` and `trellis simulate` evaluate them; what nodes show by themselves is what `--observe` names',
    },
  ]);
}
