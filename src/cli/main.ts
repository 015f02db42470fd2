#!/usr/bin/env node
/** The command line's entry: one file per command, this one puts them together and sets the exit code. */
import { Command, CommanderError, Option } from 'commander';
import { BugError } from '../base/assert.js';
import { version } from '../base/version.js';
import { addCheckCommand } from './check.js';
import { addCompileCommand } from './compile.js';
import { CommandExit, exitCodes, wishColor, writeError } from './console.js';
import { addExplainCommand } from './explain.js';
import { addFmtCommand } from './fmt.js';
import { addNodeCommand } from './node.js';
import { addReplayCommand } from './replay.js';
import { addReportCommand } from './report.js';
import { addRunCommand } from './run.js';
import { addSimulateCommand } from './simulate.js';
import { addUpCommand } from './up.js';

function buildProgram(): Command {
  const program = new Command('trellis')
    .description(
      'Trellis: a rule language for distributed programs whose compiler knows which rules need coordination',
    )
    .version(version)
    .addOption(new Option('--color', 'colour the output').conflicts('noColor'))
    .option('--no-color', 'do not colour the output')
    .hook('preAction', (_, action) => {
      if (program.getOptionValueSource('color') === 'cli')
        wishColor(action.optsWithGlobals()['color'] === true);
    })
    .showHelpAfterError('(`trellis help` lists the commands, `trellis help COMMAND` its options)')
    .exitOverride();
  const adders = [
    addCheckCommand,
    addReportCommand,
    addRunCommand,
    addNodeCommand,
    addUpCommand,
    addSimulateCommand,
    addReplayCommand,
    addCompileCommand,
    addFmtCommand,
    addExplainCommand,
  ];
  for (const add of adders) add(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}

/** Exit code of an error that ended a command. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommandExit) return error.exitCode;
  if (error instanceof CommanderError)
    return error.exitCode === 0 ? exitCodes.fine : exitCodes.usage;
  const bug =
    error instanceof BugError
      ? error
      : new BugError(error instanceof Error ? error.message : String(error));
  writeError(
    `${error instanceof Error ? (error.stack ?? '') : ''}\n${bug.message}\nPlease report it with the program and the command.\n`,
  );
  return exitCodes.failed;
}

// A reader that has seen enough (`trellis ... | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.fine);
  writeError(`error: cannot write to standard output: ${error.message}\n`);
  process.exit(exitCodes.failed);
});
process.stderr.on('error', () => {});

try {
  await buildProgram().parseAsync(process.argv);
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
