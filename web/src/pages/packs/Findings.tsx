// What is wrong with a pack, a line each; a line leads to its place.
import { text } from "@/i18n";
import { Parts } from "@/ui/Parts";
import { type Finding, findingParts } from "./findings";
import { usePackWords } from "./words";

export function Findings({
  findings,
  open,
}: {
  findings: Finding[];
  open?: (finding: Finding) => void;
}) {
  const words = usePackWords();
  return (
    <div className="note bad" role="alert">
      <strong>{text("packs.faults", { count: findings.length })}</strong>
      <ul className="plain-list mono small">
        {findings.map((finding) => {
          const { file, line, column } = finding;
          const place = `${file}:${line}:${column}`;
          return (
            <li key={JSON.stringify(finding)}>
              {open ? (
                <button type="button" className="link-button" onClick={() => open(finding)}>
                  {place}
                </button>
              ) : (
                place
              )}
              : <Parts of={findingParts(finding, words)} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
