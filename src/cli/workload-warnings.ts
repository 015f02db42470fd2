/**
 * Warnings about a program together with what it is given or how it is run: an input that gets
 * nothing while another gets something, and assertions that nodes by themselves cannot evaluate.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Program } from '../semantics/program.js';
import { showDiagnostics } from './console.js';
import type { Prepared } from './prepare.js';

/** Of a workload that feeds some input: the inputs for which it has no rows. */
export function warnUnfed({ compiled, workload }: Prepared): void {
  const fed = new Set(workload.inputs.map(({ relation }) => relation));
  if (fed.size > 0) showDiagnostics(unfedInputs(compiled.program, fed));
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
