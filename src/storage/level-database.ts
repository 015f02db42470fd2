/**
 * The database, in a module of its own: it comes with a library of machine code, which is loaded only
 * by those who open a folder.
 */
export { ClassicLevel } from 'classic-level';
