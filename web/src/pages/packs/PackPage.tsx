// A version of a pack, or the reader's draft of one: its files, what differs, what its fixtures and what
// happened say of it, and what was in force when.
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { draft as draftQuery, pack as packQuery } from "@/api/queries";
import type { Draft, Pack } from "@/api/types";
import { text } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { useMay } from "@/ui/session";
import { Skeleton, Trouble } from "@/ui/states";
import { Difference } from "./Difference";
import { useDraft } from "./draft";
import { Editor } from "./Editor";
import { Fixtures } from "./Fixtures";
import { PACK_TABS, type PackSearch, type PackTab } from "./search";
import { Trial } from "./Trial";
import { Versions } from "./Versions";
import "./packs.css";

const DRAFT = "draft";

export function PackPage() {
  const { pack: name } = useParams({ from: "/packs/$pack" });
  const search = useSearch({ from: "/packs/$pack" });
  const isDraft = search.version === DRAFT;
  const mine = useQuery({ ...draftQuery(name), enabled: isDraft });
  const version = isDraft ? mine.data?.base : search.version;
  const isStored = isDraft ? !!mine.data?.base : true;
  const found = useQuery({ ...packQuery(name, version), enabled: isStored });
  const error = mine.error ?? found.error;
  if (error) return <Trouble error={error} retry={() => found.refetch()} />;
  if (mine.data && isDraft && !isStored)
    return <Shown key={`${name} new`} pack={begun(mine.data)} draft={mine.data} />;
  if (!found.data) return <Skeleton rows={8} />;
  const shown = isDraft ? (mine.data ?? null) : null;
  return (
    <Shown
      key={`${found.data.pack} ${found.data.version} ${shown ? DRAFT : ""}`}
      pack={found.data}
      draft={shown}
    />
  );
}

/** A pack that is there as a draft alone: it has no version yet, and began as nothing. */
const begun = (draft: Draft): Pack => ({
  pack: draft.pack,
  version: "",
  digest: "",
  stored_at: draft.saved_at,
  active_since: null,
  activated_by: null,
  versions: [],
  drafts: [draft],
  files: {},
});

function Shown({ pack, draft }: { pack: Pack; draft: Draft | null }) {
  const search = useSearch({ from: "/packs/$pack" });
  const navigate = useNavigate();
  const tab: PackTab = search.tab ?? "files";
  const work = useDraft(pack, draft);
  const to = (next: PackSearch) =>
    navigate({ to: "/packs/$pack", params: { pack: pack.pack }, search: next });
  return (
    <div className="page">
      <div className="page-head">
        <h1>{pack.pack}</h1>
        <select
          className="input"
          aria-label={text("packs.version")}
          value={draft ? DRAFT : pack.version}
          onChange={(event) => to({ ...search, version: event.target.value })}
        >
          {(draft || pack.drafts.some((each) => each.mine)) && (
            <option value={DRAFT}>{text("packs.my_draft")}</option>
          )}
          {pack.versions.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        {draft ? (
          <Badge tone="warn" mark="✎">
            {draft.base ? text("packs.draft_of", { version: draft.base }) : text("packs.is_new")}
          </Badge>
        ) : pack.active_since ? (
          <Badge tone="good" mark="✓">
            {text("packs.active")}
          </Badge>
        ) : (
          <Badge>{text("packs.kept")}</Badge>
        )}
        <span className="soft">
          <Instant at={draft?.saved_at ?? pack.active_since ?? pack.stored_at} />
        </span>
      </div>
      <Others pack={pack} isDraft={draft !== null} />
      <nav className="tabs" aria-label={text("packs.parts")}>
        {PACK_TABS.filter((each) => each !== "versions" || pack.versions.length > 0).map((each) => (
          <Link
            key={each}
            to="/packs/$pack"
            params={{ pack: pack.pack }}
            search={{ ...search, tab: each }}
            replace
            resetScroll={false}
            className={each === tab ? "tab active" : "tab"}
            aria-current={each === tab ? "true" : undefined}
          >
            {text(`packs.tab_${each}`)}
          </Link>
        ))}
      </nav>
      {tab === "files" && <Editor pack={pack} draft={draft} work={work} />}
      {tab === "difference" && <Difference pack={pack} work={work} isDraft={draft !== null} />}
      {tab === "fixtures" && <Fixtures pack={pack} work={work} />}
      {tab === "trial" && <Trial work={work} />}
      {tab === "versions" && <Versions pack={pack} />}
    </div>
  );
}

/** Who else is at work on it, and that the reader has a draft that is not the one shown. */
function Others({ pack, isDraft }: { pack: Pack; isDraft: boolean }) {
  const mayDraft = useMay("save_draft");
  const others = pack.drafts.filter((each) => !each.mine);
  const mine = pack.drafts.find((each) => each.mine);
  return (
    <>
      {mine && !isDraft && mayDraft && (
        <p className="note warn">
          {text("packs.has_draft", { version: mine.base })}{" "}
          <Link to="/packs/$pack" params={{ pack: pack.pack }} search={{ version: DRAFT }}>
            {text("packs.open_draft")}
          </Link>
        </p>
      )}
      {others.length > 0 && (
        <p className="soft small">
          {text("packs.others_at_work", { people: others.map((each) => each.person).join(", ") })}
        </p>
      )}
    </>
  );
}
