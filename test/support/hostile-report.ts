/** The report of a program whose every text tries to be markup: strings, reasons, comments, its file's name. */
import { reportProgram } from './report-program.js';
import type { ReportedProgram } from './report-program.js';
import type { MonotonicityReport } from '../../src/report/monotonicity-report.js';

const attack = '<img src=x onerror=hit()>';

const program = `
// </td></table>${attack}<script>hit()</script>
/// ${attack}
input   wish(who: string);
channel ask(@at: addr, who: string);
table   taken(slot: int => who: string);
output  winner(who: string);
ask(n, w)@async :- wish(w), cluster(n);
first: taken(0, min<w>)@next :- ask(_, w), notin taken(0, _), w != "</script><script>hit()</script>";
winner(w) :- taken(_, w);
assume first "</p>${attack} \u202egnp.exe";
`;

export function hostileReport(): MonotonicityReport {
  return reportProgram(program, {
    nodes: [attack, '"onmouseover="hit()'],
    inputs: [
      [attack, 'wish', [`${attack}</text></svg>`]],
      ['"onmouseover="hit()', 'wish', ["'><svg onload=hit()>"]],
    ],
    path: `"><script>hit()</script>.bloom`,
  }).report;
}

/** Of another program, at one node and without inputs. */
hostileReport.of = (text: string): ReportedProgram =>
  reportProgram(text, { nodes: ['n1'], inputs: [] });
