// Whose lane of the relay it is, beside the axis, so that nothing runs through a name.
import { text, word } from "@/i18n";
import { type Lane, nameLines } from "./relay";

/** Where the baton runs within its lane, from the lane's top. */
export const TRACK = 36;
const WIDE_PX = 520;

/** How much room names have, and in how many lines of how many letters they stand. */
export interface Names {
  px: number;
  chars: number;
  lines: number;
}

/** On a phone names are cut between their words. */
export const namesFor = (width: number): Names =>
  width >= WIDE_PX ? { px: 168, chars: 21, lines: 1 } : { px: 96, chars: 13, lines: 2 };

/** Lines from one to the next of a name and what stands below it. */
const NAME_LINE_PX = 14;

/** Beside the axis: the name, what it is to the order, and whether it has the baton. */
export function LaneName({
  lane,
  top,
  names,
  nameOf,
}: {
  lane: Lane;
  top: number;
  names: Names;
  nameOf: (partner: string) => string;
}) {
  const role = word("party", lane.role);
  const name = lane.partner === null ? role : nameOf(lane.partner);
  const holds = lane.held.some((span) => span.to === null);
  const below = [
    ...(lane.partner === null ? [] : [{ says: role, className: "relay-small" }]),
    ...(holds ? [{ says: text("relay.has_baton"), className: "relay-has" }] : []),
  ];
  const own = nameLines(name, names.chars, names.lines);
  // In one line where there is room, as nobody's name is two lines high there.
  const inLine = names.lines === 1;
  const lines = own.length + (inLine ? Math.min(1, below.length) : below.length);
  const first = top + TRACK - 4 - (Math.max(0, lines - 2) * NAME_LINE_PX) / 2;
  return (
    <text x={4} y={first} className="relay-name">
      <title>{name}</title>
      {own.map((line, index) => (
        <tspan key={line} x={4} dy={index === 0 ? 0 : NAME_LINE_PX}>
          {line}
        </tspan>
      ))}
      {below.map(({ says, className }, index) => (
        <tspan
          key={says}
          className={className}
          {...(inLine && index > 0 ? { dx: 8 } : { x: 4, dy: inLine ? 16 : NAME_LINE_PX })}
        >
          {says}
        </tspan>
      ))}
    </text>
  );
}
