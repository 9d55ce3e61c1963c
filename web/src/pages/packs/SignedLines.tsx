import { signedLine } from "./signed";

// Lines that begin with `-` for what was and `+` for what is. The sign says it, the colour repeats it.
const TONES: Record<string, string> = { "-": "bad-text", "+": "good-text" };

export function SignedLines({ lines }: { lines: string[] }) {
  return (
    <pre className="raw" tabIndex={0}>
      {lines.map((line) => (
        <span key={line} className={TONES[line[0] ?? ""] ?? ""}>
          {signedLine(line)}
          {"\n"}
        </span>
      ))}
    </pre>
  );
}
