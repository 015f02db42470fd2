/**
 * What the body of a rule holds of, asked of what a node holds at one moment: with the reference
 * evaluator's join, so that it means what it would mean in a program.
 */
import { compareRows, rowKey } from '../base/value.js';
import type { Row } from '../base/value.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { valueText } from '../base/value-text.js';
import { Content } from '../reference/content.js';
import type { Bindings } from '../reference/evaluate-term.js';
import { joinBody, type Fault } from '../reference/join-body.js';
import { prepareRule } from '../reference/prepare-rule.js';
import type { Program, Rule } from '../semantics/program.js';

export interface BodyQuery {
  /** The variables that every alternative binds, as the user names them; sorted. */
  readonly variables: readonly string[];
  /**
   * The bindings of the variables, distinct and in order; or what could not be evaluated. Without
   * variables an empty row means that the body holds.
   */
  readonly ask: (rowsOf: (relation: string) => readonly Row[]) => {
    readonly rows: readonly Row[];
    readonly fault: Diagnostic | null;
  };
}

/** Contract: the functions of the program are linked (`linkProgram`), and the rule is one of its. */
export function makeBodyQuery(program: Program, rule: Rule): BodyQuery {
  const { bodies, variables } = prepareRule(program, rule, new Set());
  return {
    variables,
    ask(rowsOf) {
      const contents = new Map<string, Content>();
      const contentOf = (name: string): Content => {
        let content = contents.get(name);
        if (content === undefined) {
          content = new Content(program.relations.get(name)!);
          for (const row of rowsOf(name)) content.insert(row);
          contents.set(name, content);
        }
        return content;
      };
      const rows = new Map<string, Row>();
      let fault: Diagnostic | null = null;
      for (const { steps } of bodies)
        joinBody(steps, {
          contentOf,
          turn: () => {},
          pass: () => {},
          onBinding: (bindings) => {
            const row = variables.map((name) => bindings.get(name)!);
            rows.set(rowKey(row), row);
          },
          onFault: (found, bindings) => {
            fault ??= describeFault(found, bindings);
          },
        });
      return { rows: [...rows.values()].sort(compareRows), fault };
    },
  };
}

function describeFault({ error, place }: Fault, bindings: Bindings): Diagnostic {
  const known = [...bindings].sort(([a], [b]) => (a < b ? -1 : 1));
  const values = known.map(([name, value]) => `${name} = ${valueText(value)}`);
  return {
    code: error.code,
    severity: 'error',
    message: error.message,
    primary: { span: place.span, text: 'this could not be evaluated' },
    ...(values.length === 0 ? {} : { notes: [`with ${values.join(', ')}`] }),
    help: 'guard it with a condition',
  };
}
