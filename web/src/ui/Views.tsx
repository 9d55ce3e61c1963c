// Views of a list: filters, order and columns under a name, for oneself or for everybody here. A view is
// the search part of the page's address, and opening one is going there.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ask, client } from "@/api/client";
import { views } from "@/api/queries";
import { text } from "@/i18n";
import { Dialog } from "./Dialog";
import { Menu } from "./Menu";
import { useMay, useSession } from "./session";
import { Trouble } from "./states";

type Search = Record<string, unknown>;

export function Views({
  page,
  search,
  open,
}: {
  page: "orders" | "exceptions";
  search: object;
  open: (search: Search) => void;
}) {
  const queries = useQueryClient();
  const { partner } = useSession();
  const mayKeep = useMay("create_view");
  // Most readers of a list open none: they are asked for when somebody looks.
  const [looked, setLooked] = useState(false);
  const found = useQuery({ ...views(), enabled: looked });
  const known = found.data?.items.filter((view) => view.page === page);
  const [keeping, setKeeping] = useState(false);
  const stale = () => queries.invalidateQueries({ queryKey: ["views"] });
  const deleting = useMutation({
    mutationFn: (id: string) => ask(client.DELETE("/v1/views/{id}", { params: { path: { id } } })),
    onSuccess: stale,
  });
  const making = useMutation({
    mutationFn: (made: { name: string; shared: boolean }) =>
      ask(client.POST("/v1/views", { body: { page, search: JSON.stringify(search), ...made } })),
    onSuccess: () => {
      setKeeping(false);
      return stale();
    },
  });
  const keep = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    making.mutate({
      name: String(form.get("name") ?? "").trim(),
      shared: form.get("shared") === "on",
    });
  };
  return (
    <>
      <Menu title={text("views.title")} opened={() => setLooked(true)}>
        {known?.length === 0 && <span className="soft">{text("views.none")}</span>}
        {found.error && <Trouble error={found.error} />}
        {known?.map((view) => (
          <span key={view.id} className="menu-row">
            <button
              type="button"
              className="link-button"
              onClick={() => open(JSON.parse(view.search) as Search)}
            >
              {view.name}
            </button>
            {view.shared && <span className="soft small">{text("views.shared")}</span>}
            {view.own && (
              <button
                type="button"
                className="button quiet"
                aria-label={text("views.delete", { name: view.name })}
                onClick={() => deleting.mutate(view.id)}
              >
                ×
              </button>
            )}
          </span>
        ))}
        {mayKeep && (
          <button type="button" className="button" onClick={() => setKeeping(true)}>
            {text("views.keep")}
          </button>
        )}
        {deleting.error && <Trouble error={deleting.error} />}
      </Menu>
      {keeping && (
        <Dialog title={text("views.keep")} close={() => setKeeping(false)}>
          <form onSubmit={keep}>
            <label className="field">
              <span>{text("views.name")}</span>
              <input className="input" name="name" required maxLength={100} />
            </label>
            {partner === null && (
              <label>
                <input type="checkbox" name="shared" /> {text("views.shared")}
              </label>
            )}
            {making.error && <Trouble error={making.error} />}
            <div className="form-foot">
              <button type="button" className="button" onClick={() => setKeeping(false)}>
                {text("action.cancel")}
              </button>
              <button type="submit" className="button main" disabled={making.isPending}>
                {text("action.keep")}
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
