// A filter that is on or off.
export function Toggle({
  on,
  title,
  set,
}: {
  on: boolean;
  title: string;
  set: (on: boolean) => void;
}) {
  return (
    <button type="button" className="button" aria-pressed={on} onClick={() => set(!on)}>
      {title}
    </button>
  );
}
