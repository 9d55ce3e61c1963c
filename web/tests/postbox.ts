// A mail server for the tests: it takes every letter and keeps it, and speaks no more of SMTP than that.
import { createServer, type Server as Listener, type Socket } from "node:net";

export interface Letter {
  to: string;
  text: string;
}

export interface Postbox {
  port: number;
  /** The next letter to somebody. */
  letterTo: (login: string) => Promise<Letter>;
  stop: () => Promise<void>;
}

const WITHIN_MS = 20_000;

/** What letters write as `=41`, read back. */
const readBack = (text: string) =>
  text
    .replaceAll("=\r\n", "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

function talk(socket: Socket, taken: (letter: Letter) => void): void {
  let heard = "";
  let to = "";
  let writes = false;
  socket.setEncoding("utf8");
  socket.write("220 postbox\r\n");
  socket.on("data", (chunk) => {
    heard += String(chunk);
    for (;;) {
      const end = heard.indexOf(writes ? "\r\n.\r\n" : "\r\n");
      if (end < 0) return;
      const said = heard.slice(0, end);
      heard = heard.slice(end + (writes ? 5 : 2));
      if (writes) {
        writes = false;
        taken({ to, text: readBack(said) });
        socket.write("250 taken\r\n");
      } else if (said === "DATA") {
        writes = true;
        socket.write("354 go on\r\n");
      } else if (said === "QUIT") {
        socket.end("221 bye\r\n");
      } else {
        to = /^RCPT TO:<(.*)>/.exec(said)?.[1] ?? to;
        socket.write("250 fine\r\n");
      }
    }
  });
  socket.on("error", () => socket.destroy());
}

export async function openPostbox(): Promise<Postbox> {
  const letters: Letter[] = [];
  let arrived = () => {};
  const listener: Listener = createServer((socket) =>
    talk(socket, (letter) => {
      letters.push(letter);
      arrived();
    }),
  );
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const letterTo = async (login: string): Promise<Letter> => {
    const until = Date.now() + WITHIN_MS;
    for (;;) {
      const at = letters.findIndex((letter) => letter.to === login);
      if (at >= 0) return letters.splice(at, 1)[0] as Letter;
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`no letter to ${login}`)),
          until - Date.now(),
        );
        arrived = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const stop = () => new Promise<void>((resolve) => listener.close(() => resolve()));
  return { port, letterTo, stop };
}

/** Where the link of a letter leads. */
export function linkIn(letter: Letter): string {
  const link = /https?:\/\/\S+\/invitation#\S+/.exec(letter.text)?.[0];
  if (link === undefined) throw new Error(`no link in ${letter.text}`);
  return link;
}
