/**
 * Where the standard library lies: the folder of this file, as source and as shipped. Programs name
 * its files as `"std/delivery.bloom"`.
 */
export const standardLibraryUrl: URL = new URL('.', import.meta.url);
