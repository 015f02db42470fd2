// `npm run build`: compiles src/ and grammar/ into dist/, with the data files that lie beside the
// code (the standard library, the grammar's other forms) at the places where the code looks.
// The command is bundled into one file, the parser's library included: loading a thousand modules
// one by one takes longer than most commands run.
// The compiler writes into a folder of its own. Only if it found no error is dist/ brought up to
// date, file by file: what changed is moved into place in one step, what has no source any more
// is removed. So a process that is running from dist/ meanwhile never meets half a file, and
// builds may run at the same time.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const rooms = ['src', 'grammar'];
const output = join(root, 'dist');

/** Every file of the rooms below `base`, as paths relative to it. */
function filesOf(base) {
  return rooms
    .map((room) => join(base, room))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(base, join(entry.parentPath, entry.name)));
}

/** What the compiler remembers of the last build, so that it checks again only what changed. */
const memory = join(root, 'node_modules/.cache/build.tsbuildinfo');

function compile(draft) {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const incremental = ['--incremental', '--tsBuildInfoFile', memory];
  const options = ['-p', 'tsconfig.json', '--outDir', draft, ...incremental];
  const { status } = spawnSync(process.execPath, [compiler, ...options], {
    cwd: root,
    stdio: 'inherit',
  });
  return status === 0;
}

/**
 * Packages that cannot stand in an ES module, the module that finds what lies beside it, and those
 * that load a library which few commands need.
 */
const unbundled = [
  'commander',
  'esbuild',
  'ws',
  '*/std/standard-library.js',
  '*/storage/level-database.js',
  '*/host/serve-metrics.js',
];

function bundleCommand(draft) {
  const command = join(draft, 'src/cli/command-line.js');
  buildSync({
    entryPoints: [command],
    outfile: command,
    allowOverwrite: true,
    bundle: true,
    external: unbundled,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    legalComments: 'linked',
    logLevel: 'error',
  });
}

/** Neither source to compile nor prose for readers: it ships as it is. */
const isData = (file) => !/\.(ts|md)$/.test(file);

function addData(draft) {
  for (const file of filesOf(root).filter(isData)) {
    mkdirSync(dirname(join(draft, file)), { recursive: true });
    copyFileSync(join(root, file), join(draft, file));
  }
}

function install(draft) {
  const made = filesOf(draft);
  for (const file of made) {
    const [from, to] = [join(draft, file), join(output, file)];
    if (existsSync(to) && readFileSync(from).equals(readFileSync(to))) continue;
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
  }
  const kept = new Set(made);
  for (const file of filesOf(output).filter((old) => !kept.has(old))) {
    rmSync(join(output, file), { force: true });
  }
}

// Beside dist/, so that the paths in source maps are right after the move.
const draft = mkdtempSync(join(root, '.dist-'));
try {
  if (compile(draft)) {
    bundleCommand(draft);
    addData(draft);
    install(draft);
    const command = join(output, 'src/cli/main.js');
    if (existsSync(command)) chmodSync(command, 0o755);
  } else {
    process.exitCode = 1;
  }
} finally {
  rmSync(draft, { recursive: true, force: true });
}
