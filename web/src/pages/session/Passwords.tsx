// A new password, said twice; what it has to be is said before, not after.
import { text } from "@/i18n";

export const PASSWORD_CHARS_MIN = 12;

/** Why what was typed cannot be the new password; nothing where it can. */
export function whyNot(password: string, again: string): string | null {
  if ([...password].length < PASSWORD_CHARS_MIN)
    return text("password.too_short", { count: PASSWORD_CHARS_MIN });
  return password === again ? null : text("password.differ");
}

export function NewPassword() {
  return (
    <>
      <label className="field">
        <span>{text("password.new")}</span>
        <input
          className="input"
          name="new_password"
          type="password"
          autoComplete="new-password"
          minLength={PASSWORD_CHARS_MIN}
          required
        />
      </label>
      <label className="field">
        <span>{text("password.again")}</span>
        <input
          className="input"
          name="again"
          type="password"
          autoComplete="new-password"
          required
        />
      </label>
      <p className="soft small">{text("password.hint", { count: PASSWORD_CHARS_MIN })}</p>
    </>
  );
}
