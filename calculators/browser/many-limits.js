/** What one table may hold. */

export const MOST_BYTES = 50_000_000;
export const MOST_ROWS = 100_000;
export const TOO_LARGE = "文件太大，一次最多 50 MB。请分成几个再试。";
export const TOO_LONG = "行数太多，一次最多 100000 行。请分成几张表再试。";
