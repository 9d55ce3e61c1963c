// What differs between two versions of a pack, or one and what is being written, file by file.
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { packDifference } from "@/api/queries";
import type { Pack, PackSource } from "@/api/types";
import { text, word } from "@/i18n";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import type { Draftable } from "./draft";

/** What one compares with, unless one says: what it began as, else the version before. */
function usual(pack: Pack, changed: boolean): string {
  const at = pack.versions.indexOf(pack.version);
  return changed ? pack.version : (pack.versions[at - 1] ?? pack.version);
}

export function Difference({
  pack,
  work,
  isDraft,
}: {
  pack: Pack;
  work: Draftable;
  isDraft: boolean;
}) {
  const search = useSearch({ from: "/packs/$pack" });
  const navigate = useNavigate();
  const isNew = pack.versions.length === 0;
  const against = search.against ?? usual(pack, isDraft || work.changed.length > 0);
  return (
    <section className="panel" aria-label={text("packs.tab_difference")}>
      {!isNew && (
        <div className="panel-head">
          <label className="filters">
            <span>{text("packs.against")}</span>
            <select
              className="input"
              value={against}
              onChange={(event) =>
                navigate({
                  to: "/packs/$pack",
                  params: { pack: pack.pack },
                  search: { ...search, against: event.target.value },
                  replace: true,
                })
              }
            >
              {pack.versions.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </label>
        </div>
      )}
      <Compared
        was={isNew ? { files: {} } : { pack: pack.pack, version: against }}
        is={work.source}
      />
    </section>
  );
}

/** The difference of two packs, whatever they are. */
export function Compared({ was, is }: { was: PackSource; is: PackSource }) {
  const found = useQuery(packDifference(was, is));
  if (found.isPending) return <Skeleton rows={6} />;
  if (!found.data) return <Trouble error={found.error} retry={() => found.refetch()} />;
  if (found.data.files.length === 0) return <Empty title={text("packs.same")} />;
  return (
    <div className="stack panel-body">
      {found.data.files.map((file) => (
        <details key={file.file} open className="file-difference">
          <summary>
            <span className="mono">{file.file}</span>{" "}
            <span className="soft small">
              {word("file_change", file.change)} ·{" "}
              <span className="good-text">+{file.added_lines}</span>{" "}
              <span className="bad-text">−{file.removed_lines}</span>
            </span>
          </summary>
          {file.groups.length === 0 && <p className="soft">{text("packs.no_lines")}</p>}
          <div className="table-scroll" tabIndex={0} role="region" aria-label={file.file}>
            {file.groups.map((group) => (
              <table key={`${group[0]?.was} ${group[0]?.is}`} className="lines mono">
                <tbody>
                  {group.map((line) => (
                    <tr key={`${line.was} ${line.is}`} data-sign={line.sign}>
                      <td className="soft num">{line.was}</td>
                      <td className="soft num">{line.is}</td>
                      <td>{line.sign}</td>
                      <td className="line-text">{line.text}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            ))}
          </div>
        </details>
      ))}
    </div>
  );
}
