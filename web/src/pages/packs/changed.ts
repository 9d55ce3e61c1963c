// The lines in which two texts differ. Pure.
export interface ChangedLine {
  sign: "+" | "-";
  /** From 1, in its own text. */
  at: number;
  text: string;
}

/** What stands between the common beginning and the common end; enough for an edit in one place. */
export function changedLines(was: string, is: string): ChangedLine[] {
  const [before, after] = [was.split("\n"), is.split("\n")];
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start])
    start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end += 1;
  const take = (sign: "+" | "-", lines: string[]): ChangedLine[] =>
    lines
      .slice(start, lines.length - end)
      .map((text, index) => ({ sign, at: start + index + 1, text }));
  return [...take("-", before), ...take("+", after)];
}
