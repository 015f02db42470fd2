#!/usr/bin/env node
/** The entry of the command line: all that it loads is loaded from what was compiled before, if it can be. */
import { keepCompiled } from '../host/compile-cache.js';

keepCompiled();
const { runCommandLine } = await import('./command-line.js');
await runCommandLine(process.argv);
