// The fixtures of a pack, run by the server: what each message was expected to say, and what it says.
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ask, client } from "@/api/client";
import type { Pack } from "@/api/types";
import { text } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Empty, Trouble } from "@/ui/states";
import type { Draftable } from "./draft";
import { Findings } from "./Findings";
import { SignedLines } from "./SignedLines";

export function Fixtures({ pack, work }: { pack: Pack; work: Draftable }) {
  const running = useMutation({
    mutationFn: () => ask(client.POST("/v1/pack-tests", { body: { packs: [work.source] } })),
  });
  const [result] = running.data?.items ?? [];
  const failed = result?.fixtures.filter((fixture) => !fixture.passed).length ?? 0;
  return (
    <section className="panel" aria-label={text("packs.tab_fixtures")}>
      <div className="panel-head">
        <span className="soft">{text("packs.fixtures_hint")}</span>
        <button
          type="button"
          className="button main end"
          disabled={running.isPending}
          onClick={() => running.mutate()}
        >
          {text("packs.run_fixtures")}
        </button>
      </div>
      {running.error && <Trouble error={running.error} />}
      {result && result.findings.length > 0 && <Findings findings={result.findings} />}
      {result && result.findings.length === 0 && (
        <>
          <p className={failed > 0 ? "note bad" : "note good"} role="status">
            {failed > 0
              ? text("packs.fixtures_differ", { count: failed, all: result.fixtures.length })
              : text("packs.fixtures_pass", { count: result.fixtures.length })}
          </p>
          {result.fixtures.length === 0 && <Empty title={text("packs.no_fixtures")} />}
          <ul className="plain-list">
            {result.fixtures.map((fixture) => (
              <li key={fixture.name} className="panel-body fixture">
                {fixture.passed ? (
                  <Badge tone="good" mark="✓">
                    {text("packs.passes")}
                  </Badge>
                ) : (
                  <Badge tone="bad" mark="✕">
                    {text("packs.differs")}
                  </Badge>
                )}{" "}
                <Link
                  to="/packs/$pack"
                  params={{ pack: pack.pack }}
                  search={(before) => ({
                    ...before,
                    tab: "files" as const,
                    file: `fixtures/${fixture.name}/expected.yaml`,
                  })}
                  className="mono"
                >
                  {fixture.name}
                </Link>
                {!fixture.passed && <SignedLines lines={fixture.difference} />}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
