/**
 * `npm run fuzz:analysis -- --programs N --seed S`: random programs, each verdict of the analysis
 * held against all schedules of the program. An unsound verdict is shrunk and written to
 * `unsound-SEED.bloom`; moved to test/unit/analysis/regressions it becomes a test. At the end comes
 * the rate of false alarms. `--alarms` lists their seeds. `--promises` leaves alone what
 * is called divergent, which promises nothing: it tells of no false alarms, and is several times
 * quicker. `--seals` gives every program a seal, for which some of its rules wait. `--orders` makes
 * programs that get an ordered log, judged over that log and without it.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fuzzOrdered, OrderTally } from '../support/fuzz-ordered.js';
import { FuzzCoverage } from '../support/fuzz-coverage.js';
import {
  addToTally,
  falseAlarmRate,
  fuzzCase,
  newTally,
  regressionText,
  shrinkCase,
  wholeScope,
} from '../support/fuzz-verdicts.js';
import type { FuzzTally } from '../support/fuzz-verdicts.js';
import { randomCase, sealedCase } from '../support/random-analysis-programs.js';

const { values } = parseArgs({
  options: {
    programs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    alarms: { type: 'boolean', default: false },
    promises: { type: 'boolean', default: false },
    seals: { type: 'boolean', default: false },
    orders: { type: 'boolean', default: false },
  },
});
const programs = Number(values.programs);
const firstSeed = Number(values.seed);

const begin = process.cpuUsage().user;
process.exitCode = (values.orders ? fuzzOrders() : fuzzVerdicts()) ? 0 : 1;

/** Whether no verdict is unsound. */
function fuzzVerdicts(): boolean {
  const tally = newTally();
  const coverage = new FuzzCoverage();
  const scope = values.promises ? { secondLook: 0, promisesOnly: true } : wholeScope;

  for (let seed = firstSeed; seed < firstSeed + programs; seed++) {
    const done = fuzzCase(seed, scope, values.seals ? sealedCase : randomCase);
    addToTally(tally, done);
    coverage.add(done);
    for (const { observable, judgement, workload } of done.judged ?? []) {
      const name = `${observable.verdict} ${observable.relation}`;
      if (judgement === 'unsound') {
        const path = `unsound-${seed}.bloom`;
        const small = shrinkCase({ ...done.fuzzed, inputs: workload?.inputs ?? [] });
        writeFileSync(path, small === null ? `${done.text}\n` : regressionText(small));
        console.log(`seed ${seed}: ${name} is unsound, see ${path}`);
      } else if (judgement === 'false-alarm' && values.alarms)
        console.log(
          `seed ${seed}: ${name} is a false alarm (${observable.blame[0]?.reason ?? ''})`,
        );
    }
    if (tally.programs % 1000 === 0) console.log(progress(tally));
  }
  console.log(
    [
      `${tally.programs} programs from seed ${firstSeed}, ${tally.compiled} without errors, ${tally.observables} observables`,
      `${tally.confluent} called confluent; ${tally.confirmed} verdicts borne out by all schedules`,
      `${tally.unsound} unsound verdicts`,
      `${tally.falseAlarms} false alarms: ${(100 * falseAlarmRate(tally)).toFixed(1)} % of the observables with one outcome`,
      `${tally.unknown} beyond the bounds of the checker`,
      ...coverage.lines(),
      pace(tally.programs),
    ].join('\n'),
  );
  return tally.unsound === 0;
}

function progress(tally: FuzzTally): string {
  const { programs: done, unsound } = tally;
  return `${done} programs, ${unsound} unsound verdicts, false alarms ${(100 * falseAlarmRate(tally)).toFixed(1)} %`;
}

/** Whether the log of every program does what it is for. */
function fuzzOrders(): boolean {
  const tally = new OrderTally();
  for (let seed = firstSeed; seed < firstSeed + programs; seed++) {
    const done = fuzzOrdered(seed);
    tally.add(done);
    if (done === null) continue;
    const { fault, text, points, necessary } = done;
    if (fault !== null)
      console.log(
        `seed ${seed}: ${fault.what}, with ${JSON.stringify(fault.workload.inputs)}\n${text}`,
      );
    const idle = points.filter((relation) => !necessary.has(relation));
    if (values.alarms && idle.length > 0)
      console.log(`seed ${seed}: the log is not shown necessary for ${idle.join(', ')}`);
  }
  console.log([...tally.lines(), pace(programs)].join('\n'));
  return tally.faults === 0;
}

function pace(done: number): string {
  const seconds = (process.cpuUsage().user - begin) / 1e6;
  return `${(done / seconds).toFixed(1)} programs a second`;
}
