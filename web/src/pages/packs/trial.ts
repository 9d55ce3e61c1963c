// Trying a pack against what happened, a part at a time: the newest first, until the sample is as large
// as was asked for, there is no more, or the reader has seen enough.
import { useCallback, useRef, useState } from "react";
import { ask, client } from "@/api/client";
import type { MessageTrial, OrderTrial, PackSource, TrialPart } from "@/api/types";

export interface Part<T> {
  lookedAt: number;
  backTo: string | null;
  found: T[];
  /** There is no more. */
  all: boolean;
}

export interface Trial {
  running: boolean;
  active: string | null;
  messages: Part<MessageTrial>;
  orders: Part<OrderTrial>;
  error: unknown;
  run: (source: PackSource, enough: number) => void;
  stop: () => void;
}

const nothing = { lookedAt: 0, backTo: null, found: [], all: false };

export function useTrial(): Trial {
  const [running, setRunning] = useState(false);
  const [active, setActive] = useState<string | null>(null);
  const [messages, setMessages] = useState<Part<MessageTrial>>(nothing);
  const [orders, setOrders] = useState<Part<OrderTrial>>(nothing);
  const [error, setError] = useState<unknown>(null);
  const stopping = useRef<AbortController | null>(null);

  const stop = useCallback(() => stopping.current?.abort(), []);
  const run = useCallback((source: PackSource, enough: number) => {
    stopping.current?.abort();
    const ending = new AbortController();
    stopping.current = ending;
    const { signal } = ending;
    setRunning(true);
    setError(null);
    setMessages(nothing);
    setOrders(nothing);
    const sample = async (sample: "messages" | "orders") => {
      let cursor: string | null = null;
      for (let lookedAt = 0; lookedAt < enough; ) {
        const part: TrialPart = await ask(
          client.POST("/v1/pack-trials", {
            body: { packs: [source], sample, cursor },
            signal,
          }),
        );
        if (signal.aborted) return;
        lookedAt += part.looked_at;
        cursor = part.next_cursor ?? null;
        setActive(part.active);
        const grown = <T>(before: Part<T>, found: T[]): Part<T> => ({
          lookedAt,
          backTo: part.back_to ?? before.backTo,
          found: [...before.found, ...found],
          all: cursor === null,
        });
        if (sample === "messages") setMessages((before) => grown(before, part.messages));
        else setOrders((before) => grown(before, part.orders));
        if (cursor === null) return;
      }
    };
    void (async () => {
      try {
        await sample("messages");
        if (!signal.aborted) await sample("orders");
      } catch (why) {
        if (!signal.aborted) setError(why);
      } finally {
        if (stopping.current === ending) setRunning(false);
      }
    })();
  }, []);
  return { running, active, messages, orders, error, run, stop };
}
