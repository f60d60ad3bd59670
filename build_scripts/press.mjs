/** Writes FILE.br and FILE.gz beside each file where they are worth it: node press.mjs QUALITY < files, one a line. */

import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** A twentieth less is the least that is worth a file. */
const WORTH = 0.95;
const quality = Number(process.argv[2]);

for (const file of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const body = readFileSync(file);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
  };
  const pressed = { br: brotliCompressSync(body, { params }), gz: gzipSync(body, { level: 9 }) };
  for (const [suffix, each] of Object.entries(pressed)) {
    if (each.length < WORTH * body.length) {
      writeFileSync(`${file}.${suffix}`, each);
    }
  }
}
