// A pack that is begun here: a small one that passes its own test, or a copy of another. It is a draft
// until somebody brings it into force.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { ask, client } from "@/api/client";
import { packDrafts } from "@/api/queries";
import type { PackRow } from "@/api/types";
import { text } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Dialog } from "@/ui/Dialog";
import { Instant } from "@/ui/Instant";
import { Trouble } from "@/ui/states";

/** What is begun and has no version yet. */
export function Begun() {
  const found = useQuery(packDrafts());
  const begun = found.data?.items.filter(({ base }) => base === "") ?? [];
  if (begun.length === 0) return null;
  return (
    <section className="panel" aria-label={text("packs.begun")}>
      <div className="panel-head">
        <h2>{text("packs.begun")}</h2>
      </div>
      <div className="table-scroll">
        <table className="table">
          <tbody>
            {begun.map(({ pack, person, mine, saved_at }) => (
              <tr key={`${pack} ${person}`}>
                <td>
                  {mine ? (
                    <Link to="/packs/$pack" params={{ pack }} search={{ version: "draft" }}>
                      {pack}
                    </Link>
                  ) : (
                    pack
                  )}
                </td>
                <td>
                  <Badge tone="warn" mark="✎">
                    {text("packs.is_new")}
                  </Badge>
                </td>
                <td>{person}</td>
                <td>
                  <Instant at={saved_at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function NewPack({ packs, close }: { packs: PackRow[]; close: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const beginning = useMutation({
    mutationFn: ({ pack, from }: { pack: string; from: PackRow | undefined }) =>
      ask(
        client.POST("/v1/packs/{pack}/draft", {
          params: { path: { pack } },
          body: { copy: from ? { pack: from.pack, version: from.version } : null },
        }),
      ),
    onSuccess: async ({ pack }) => {
      await queries.invalidateQueries({ queryKey: ["pack-drafts"] });
      await navigate({ to: "/packs/$pack", params: { pack }, search: { version: "draft" } });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    beginning.mutate({
      pack: String(form.get("name")).trim(),
      from: packs[Number(form.get("from") || "-1")],
    });
  };
  return (
    <Dialog title={text("packs.new_title")} close={close}>
      <form className="form" onSubmit={submit}>
        <label className="field">
          <span>{text("packs.new_name")}</span>
          <input
            className="input mono"
            name="name"
            pattern="[a-z][a-z0-9\-]*"
            maxLength={60}
            required
          />
          <span className="soft small">{text("packs.new_name_hint")}</span>
        </label>
        <label className="field">
          <span>{text("packs.new_from")}</span>
          <select className="input" name="from">
            <option value="">{text("packs.new_small")}</option>
            {packs.map(({ pack, version, active_since }, at) => (
              <option key={`${pack} ${version}`} value={at}>
                {text(active_since ? "packs.new_copy_active" : "packs.new_copy", {
                  pack,
                  version,
                })}
              </option>
            ))}
          </select>
          <span className="soft small">{text("packs.new_from_hint")}</span>
        </label>
        {beginning.error && <Trouble error={beginning.error} />}
        <div className="form-foot">
          <button type="submit" className="button main" disabled={beginning.isPending}>
            {text("packs.begin")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
