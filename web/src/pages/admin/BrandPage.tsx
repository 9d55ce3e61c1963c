// The brand: name, logo and colours of the pages, shown before they are set.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { ask, client, type Refused } from "@/api/client";
import { brand as brandQuery } from "@/api/queries";
import type { BrandRow } from "@/api/types";
import { text, word } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { useMay, useSession } from "@/ui/session";
import { Skeleton, Trouble } from "@/ui/states";
import { isColour, onDark } from "@/ui/theme";
import { AdminTabs } from "./AdminTabs";
import "./brand.css";

const LOGO_BYTES_MAX = 256 * 1024;
const OWN_ACCENT = "#0f5c63";
const OWN_ACCENT_DARK = "#6cc3c9";
/** Of typing, until the API is asked how it would do. */
const STILL_FOR_MS = 300;

type Whose = "tenant" | "operator";
const queryOf = (whose: Whose) => (whose === "operator" ? { of: "operator" } : {});

export function BrandPage() {
  const isOperator = useSession().role === "operator";
  const [whose, setWhose] = useState<Whose>("tenant");
  const found = useQuery(brandQuery(queryOf(whose)));
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("admin.brand")}</h1>
      </div>
      <AdminTabs />
      {isOperator && (
        <div className="filters">
          <label className="field">
            <span>{text("brand.whose")}</span>
            <select
              className="input"
              value={whose}
              onChange={(event) => setWhose(event.target.value as Whose)}
            >
              <option value="tenant">{text("brand.of_tenant")}</option>
              <option value="operator">{text("brand.of_operator")}</option>
            </select>
          </label>
        </div>
      )}
      {found.isPending && <Skeleton rows={6} />}
      {found.error && <Trouble error={found.error} retry={() => found.refetch()} />}
      {found.data && (
        <BrandForm key={`${whose} ${found.data.changed_at}`} kept={found.data} whose={whose} />
      )}
    </div>
  );
}

function BrandForm({ kept, whose }: { kept: BrandRow; whose: Whose }) {
  const queries = useQueryClient();
  const [name, setName] = useState(kept.name);
  const [accent, setAccent] = useState(kept.accent ?? "");
  const [dark, setDark] = useState(kept.accent_dark ?? "");
  const [support, setSupport] = useState(kept.support ?? "");
  const [host, setHost] = useState(kept.host ?? "");
  const [mailName, setMailName] = useState(kept.mail_name ?? "");
  const [replyTo, setReplyTo] = useState(kept.mail_reply_to ?? "");
  /** As base64; empty takes it away, undefined leaves it. */
  const [logo, setLogo] = useState<string | undefined>(undefined);
  const [tooLong, setTooLong] = useState(false);
  const mayRemove = useMay("remove_brand") && kept.own;
  const body = {
    name,
    accent: accent || null,
    accent_dark: dark || null,
    support: support || null,
    host: host || null,
    mail_name: mailName || null,
    mail_reply_to: replyTo || null,
    logo_base64: logo ?? null,
  };
  const asked = useStill(JSON.stringify({ name, accent, dark, support, host, mailName, replyTo }));
  const checked = useQuery({
    queryKey: ["brand-check", asked],
    queryFn: ({ signal }) => ask(client.POST("/v1/brand/check", { body, signal })),
    retry: false,
    enabled: name !== "",
  });
  const settled = async () => {
    await queries.invalidateQueries({ queryKey: ["brand"] });
    await queries.invalidateQueries({ queryKey: ["session"] });
  };
  const query = { params: { query: queryOf(whose) } };
  const setting = useMutation({
    mutationFn: () => ask(client.PUT("/v1/brand", { ...query, body })),
    onSuccess: settled,
  });
  const removing = useMutation({
    mutationFn: () => ask(client.DELETE("/v1/brand", query)),
    onSuccess: settled,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setting.mutate();
  };
  const takeLogo = async (file: File | undefined) => {
    if (!file) return;
    setTooLong(file.size > LOGO_BYTES_MAX);
    if (file.size <= LOGO_BYTES_MAX) setLogo(await base64(file));
  };
  const shownLogo =
    logo === undefined ? kept.logo_url : logo === "" ? null : `data:image/png;base64,${logo}`;
  const refused = checked.error as Refused | null;
  return (
    <div className="brand-layout">
      <section className="panel" aria-label={text("admin.brand")}>
        <div className="panel-head">
          <h2>{text("admin.brand")}</h2>
          {kept.own ? (
            <span className="soft small">
              <Instant at={kept.changed_at} />
            </span>
          ) : (
            <Badge>{text("brand.not_own")}</Badge>
          )}
        </div>
        <form className="panel-body form" onSubmit={submit}>
          <label className="field">
            <span>{text("admin.name")}</span>
            <input
              className="input"
              value={name}
              maxLength={200}
              required
              onChange={(event) => setName(event.target.value)}
            />
          </label>
          <Colour label={text("brand.accent")} value={accent} set={setAccent} none={OWN_ACCENT} />
          <Colour
            label={text("brand.accent_dark")}
            hint={text("brand.accent_dark_hint")}
            value={dark}
            set={setDark}
            none={checked.data?.accent_dark ?? OWN_ACCENT_DARK}
          />
          <label className="field">
            <span>{text("brand.logo")}</span>
            <input
              className="input"
              type="file"
              accept="image/png,image/jpeg,image/webp"
              onChange={(event) => takeLogo(event.target.files?.[0])}
            />
            <span className="soft small">{text("brand.logo_hint")}</span>
          </label>
          {tooLong && <p className="note bad">{text("brand.logo_too_long")}</p>}
          {shownLogo && (
            <p>
              <button type="button" className="button" onClick={() => setLogo("")}>
                {text("brand.no_logo")}
              </button>
            </p>
          )}
          <label className="field">
            <span>{text("brand.support")}</span>
            <input
              className="input"
              value={support}
              maxLength={200}
              onChange={(event) => setSupport(event.target.value)}
            />
            <span className="soft small">{text("brand.support_hint")}</span>
          </label>
          <label className="field">
            <span>{text("brand.host")}</span>
            <input
              className="input mono"
              value={host}
              maxLength={200}
              onChange={(event) => setHost(event.target.value)}
            />
            <span className="soft small">{text("brand.host_hint")}</span>
          </label>
          <label className="field">
            <span>{text("brand.mail_name")}</span>
            <input
              className="input"
              value={mailName}
              maxLength={200}
              onChange={(event) => setMailName(event.target.value)}
            />
            <span className="soft small">{text("brand.mail_name_hint")}</span>
          </label>
          <label className="field">
            <span>{text("brand.mail_reply_to")}</span>
            <input
              className="input"
              type="email"
              value={replyTo}
              maxLength={200}
              onChange={(event) => setReplyTo(event.target.value)}
            />
            <span className="soft small">{text("brand.mail_reply_to_hint")}</span>
          </label>
          {refused && <Trouble error={refused} />}
          {[setting.error, removing.error].map(
            (error) =>
              error &&
              error.message !== refused?.message && <Trouble key={String(error)} error={error} />,
          )}
          <div className="form-foot">
            {mayRemove && (
              <button type="button" className="button" onClick={() => removing.mutate()}>
                {text("brand.remove")}
              </button>
            )}
            <button
              type="submit"
              className="button main"
              disabled={setting.isPending || refused !== null}
            >
              {text("brand.set")}
            </button>
          </div>
        </form>
      </section>
      <section className="panel" aria-label={text("brand.preview")}>
        <div className="panel-head">
          <h2>{text("brand.preview")}</h2>
        </div>
        <div className="panel-body stack">
          {(["light", "dark"] as const).map((scheme) => (
            <Preview
              key={scheme}
              scheme={scheme}
              name={name}
              logo={shownLogo ?? null}
              accent={accent}
              dark={dark}
            />
          ))}
          {checked.data && checked.data.contrasts.length > 0 && (
            <div className="table-scroll">
              <table className="table">
                <thead>
                  <tr>
                    <th>{text("brand.place")}</th>
                    <th className="num">{text("brand.contrast")}</th>
                  </tr>
                </thead>
                <tbody>
                  {checked.data.contrasts.map(({ place, contrast }) => (
                    <tr key={place}>
                      <td>{word("contrast", place)}</td>
                      <td className="num">{contrast.toFixed(2)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </div>
      </section>
    </div>
  );
}

function Colour({
  label,
  hint,
  value,
  set,
  none,
}: {
  label: string;
  hint?: string;
  value: string;
  set: (value: string) => void;
  /** What stands for no colour. */
  none: string;
}) {
  const isWhole = /^#[0-9a-f]{6}$/i.test(value);
  return (
    <div className="field">
      <span>{label}</span>
      <span className="brand-colour">
        <input
          type="color"
          className="input"
          aria-label={text("brand.pick", { what: label })}
          value={isWhole ? value : none}
          onChange={(event) => set(event.target.value)}
        />
        <input
          className="input mono"
          aria-label={label}
          value={value}
          placeholder={none}
          onChange={(event) => set(event.target.value.trim())}
        />
      </span>
      {hint && <span className="soft small">{hint}</span>}
    </div>
  );
}

/** A piece of a page in the colours; the policy allows no style in the text, so it is set by script. */
function Preview({
  scheme,
  name,
  logo,
  accent,
  dark,
}: {
  scheme: "light" | "dark";
  name: string;
  logo: string | null;
  accent: string;
  dark: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.style.setProperty("--accent", shownAccent(scheme, accent, dark));
  }, [scheme, accent, dark]);
  return (
    <div
      ref={box}
      className={`brand-preview ${scheme}`}
      aria-label={text(`theme.${scheme}`)}
      role="img"
    >
      <div className="preview-head">
        <img src={logo ?? "/baton.svg"} alt="" />
        {name}
      </div>
      <div className="preview-chosen">{text("nav.orders")}</div>
      <div className="preview-link">{text("brand.sample_link")}</div>
      <div className="preview-button">{text("brand.set")}</div>
    </div>
  );
}

function shownAccent(scheme: "light" | "dark", accent: string, dark: string): string {
  if (!isColour(accent)) return scheme === "light" ? OWN_ACCENT : OWN_ACCENT_DARK;
  return scheme === "light" ? accent : onDark(accent, dark);
}

/** A value once it was still for a while. */
function useStill<T>(value: T): T {
  const [still, setStill] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setStill(value), STILL_FOR_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return still;
}

async function base64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
