// What somebody changes of a pack: kept in the page, and by the server as their draft a moment after
// each change, so that neither a closed browser nor another machine loses it.
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { ask, client } from "@/api/client";
import type { Draft, Files, Pack, PackSource } from "@/api/types";

/** Nobody types on for ever; what is lost at worst is this. */
const SAVE_AFTER_MS = 1200;

export type Keeping = "none" | "waiting" | "saving" | "saved";

export interface Draftable {
  files: Files;
  /** Names of files that are not as they were stored. */
  changed: string[];
  /** What is meant when the server is asked about these files. */
  source: PackSource;
  keeping: Keeping;
  savedAt: string | null;
  error: unknown;
  write: (file: string, content: string) => void;
  remove: (file: string) => void;
  /** Saves what is not saved yet; afterwards the draft is what the page shows. */
  flush: () => Promise<void>;
}

export function useDraft(pack: Pack, draft: Draft | null): Draftable {
  const queries = useQueryClient();
  const [files, setFiles] = useState<Files>(draft?.files ?? pack.files);
  const [keeping, setKeeping] = useState<Keeping>(draft ? "saved" : "none");
  const [savedAt, setSavedAt] = useState<string | null>(draft?.saved_at ?? null);
  const [error, setError] = useState<unknown>(null);
  const revision = useRef<number | undefined>(draft?.revision);
  const unsaved = useRef<Files | null>(null);
  const saving = useRef<Promise<void>>(Promise.resolve());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { pack: name, version: base } = pack;

  const save = useCallback(() => {
    clearTimeout(timer.current);
    const run = async () => {
      const content = unsaved.current;
      if (content === null) return;
      unsaved.current = null;
      setKeeping("saving");
      try {
        const saved = await ask(
          client.PUT("/v1/packs/{pack}/draft", {
            params: { path: { pack: name } },
            body: { base, files: content, revision: revision.current ?? null },
          }),
        );
        revision.current = saved.revision;
        setSavedAt(saved.saved_at);
        setError(null);
        setKeeping(unsaved.current === null ? "saved" : "waiting");
      } catch (why) {
        unsaved.current ??= content;
        setError(why);
        setKeeping("waiting");
        throw why;
      }
    };
    saving.current = saving.current.catch(() => {}).then(run);
    return saving.current;
  }, [name, base]);

  useEffect(
    () => () => {
      // Whoever goes on to another page has said all they will.
      if (unsaved.current !== null)
        save()
          .then(() => queries.invalidateQueries({ queryKey: ["pack", name] }))
          .catch(() => {});
    },
    [save, queries, name],
  );

  const set = (next: Files) => {
    setFiles(next);
    unsaved.current = next;
    setKeeping("waiting");
    clearTimeout(timer.current);
    timer.current = setTimeout(() => save().catch(() => {}), SAVE_AFTER_MS);
  };
  const names = [...new Set([...Object.keys(files), ...Object.keys(pack.files)])];
  const changed = names.filter((file) => files[file] !== pack.files[file]).sort();
  return {
    files,
    changed,
    source: changed.length > 0 ? { files } : { pack: name, version: base },
    keeping,
    savedAt,
    error,
    write: (file, content) => set({ ...files, [file]: content }),
    remove: (file) =>
      set(Object.fromEntries(Object.entries(files).filter(([each]) => each !== file))),
    flush: save,
  };
}
