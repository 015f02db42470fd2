/** The command line: one file per command, this one puts them together and sets the exit code. */
import { Command, CommanderError, Option } from 'commander';
import { BugError } from '../base/assert.js';
import { version } from '../base/version.js';
import { addCheckCommand } from './check.js';
import { addCompileCommand } from './compile.js';
import { CommandExit, exitCodes, oweDocument, wishColor, writeError } from './console.js';
import { addExplainCommand } from './explain.js';
import { documentFormat, writeFailure } from './failure-document.js';
import { addFmtCommand } from './fmt.js';
import { addNodeCommand } from './node.js';
import { addReplayCommand } from './replay.js';
import { addReplCommand } from './repl.js';
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
    addReplCommand,
  ];
  for (const add of adders) add(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}

/** How an error ends a command: its exit code, and what only it says. */
function endOf(error: unknown): { readonly code: number; readonly message: string | null } {
  if (error instanceof CommandExit) return { code: error.exitCode, message: null };
  if (error instanceof CommanderError) {
    const message = error.message.replace(/^error: /, '').split('\n')[0]!;
    return { code: error.exitCode === 0 ? exitCodes.fine : exitCodes.usage, message };
  }
  const bug =
    error instanceof BugError
      ? error
      : new BugError(error instanceof Error ? error.message : String(error));
  writeError(
    `${error instanceof Error ? (error.stack ?? '') : ''}\n${bug.message}\nPlease report it with the program and the command.\n`,
  );
  return { code: exitCodes.failed, message: bug.message };
}

/** Runs what a command line says; `argv` as the process has it. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  // A reader that has seen enough (`trellis ... | head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.fine);
    writeError(`error: cannot write to standard output: ${error.message}\n`);
    process.exit(exitCodes.failed);
  });
  process.stderr.on('error', () => {});
  const program = buildProgram();
  const format = documentFormat(program, argv.slice(2));
  if (format !== null) oweDocument();
  try {
    await program.parseAsync(argv);
  } catch (error) {
    const { code, message } = endOf(error);
    if (format !== null && code !== exitCodes.fine) writeFailure(format, code, message);
    process.exitCode = code;
  }
}
