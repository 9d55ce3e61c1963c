// CodeMirror as the pages use it: YAML in the app's own colours, marks in place, and words that may be
// written. This module is a chunk of its own.
import { autocompletion, type CompletionContext, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import {
  bracketMatching,
  foldGutter,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, type Text } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { language } from "@/i18n";
import { joined, type Part } from "@/i18n/parts";
import { GERMAN } from "./phrases";

/** Something to be said of a place; lines and columns from 1. */
export interface Mark {
  line: number;
  column: number;
  message: Part[];
}

/** What may be written, instead of what stands from `from` to the cursor. */
export interface Offered {
  from: number;
  options: { label: string; detail?: string; info?: string; apply?: string }[];
}

interface Options {
  text: string;
  label: string;
  yaml: boolean;
  readOnly: boolean;
  changed: (text: string) => void;
  moved: (text: string, offset: number) => void;
  offer: (text: string, offset: number) => Offered | null;
}

export interface Code {
  mark: (marks: Mark[]) => void;
  goTo: (line: number, column: number) => void;
  destroy: () => void;
}

const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--ground)", fontSize: "12.5px" },
  "&.cm-focused": { outline: "none" },
  // Above the gutter and the line that one is in, which would hide an outline.
  "&.cm-focused::after": {
    content: '""',
    position: "absolute",
    inset: "0",
    border: "2px solid var(--accent)",
    pointerEvents: "none",
    zIndex: "250",
  },
  ".cm-scroller": {
    fontFamily: "var(--mono)",
    lineHeight: "1.5",
    minHeight: "40vh",
    maxHeight: "66vh",
  },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": {
    color: "var(--ink-soft)",
    backgroundColor: "var(--sunken)",
    borderRight: "1px solid var(--line)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--sunken)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--accent-soft)",
  },
  ".cm-tooltip": {
    color: "var(--ink)",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--round)",
    boxShadow: "var(--shadow)",
    maxWidth: "min(420px, 80vw)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--on-accent)",
    backgroundColor: "var(--accent)",
  },
  ".cm-completionInfo": { padding: "6px 10px", fontFamily: "var(--sans)" },
  ".cm-diagnostic": { fontFamily: "var(--sans)", whiteSpace: "pre-wrap" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--sunken)" },
  ".cm-searchMatch": { backgroundColor: "var(--mark)" },
  ".cm-foldPlaceholder": { color: "var(--ink-soft)", backgroundColor: "transparent" },
});

const colours = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: "var(--accent)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--ink-soft)", fontStyle: "italic" },
  { tag: [tags.keyword, tags.bool, tags.null, tags.number], color: "var(--plan)" },
  { tag: [tags.meta, tags.labelName], color: "var(--warn)" },
]);

/** The offset of a line and column, or the nearest that there is. */
function offset(text: Text, line: number, column: number): number {
  const found = text.line(Math.min(Math.max(line, 1), text.lines));
  return Math.min(found.from + Math.max(column, 1) - 1, found.to);
}

/** A message as the page has it, outside of React. */
function drawn(message: Part[]): Node {
  const all = document.createElement("span");
  for (const part of message) {
    if (typeof part === "string") all.append(part);
    else {
      const quote = document.createElement("q");
      quote.lang = "en";
      quote.append(part.quote);
      all.append(quote);
    }
  }
  return all;
}

function diagnostic(state: EditorState, mark: Mark): Diagnostic {
  const from = offset(state.doc, mark.line, mark.column);
  const word = state.wordAt(from);
  const end = state.doc.lineAt(from).to;
  const to = Math.max(from, word?.to ?? end);
  const message = joined(mark.message);
  return { from, to, severity: "error", message, renderMessage: () => drawn(mark.message) };
}

export function createCode(root: ShadowRoot, options: Options): Code {
  const complete = (context: CompletionContext) =>
    options.offer(context.state.doc.toString(), context.pos);
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        language() === "de" ? EditorState.phrases.of(GERMAN) : [],
        lineNumbers(),
        foldGutter(),
        lintGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of("  "),
        bracketMatching(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        highlightSelectionMatches(),
        syntaxHighlighting(colours),
        theme,
        options.yaml ? [yaml(), autocompletion({ override: [complete], icons: false })] : [],
        options.readOnly
          ? EditorState.readOnly.of(true)
          : // Tab indents; Escape, then Tab, leaves the editor.
            keymap.of([indentWithTab]),
        keymap.of([...completionKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
        EditorView.contentAttributes.of({
          "aria-label": options.label,
          "aria-readonly": String(options.readOnly),
          spellcheck: "false",
          // What scrolls is reached by keyboard through it.
          tabindex: "0",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.changed(update.state.doc.toString());
          if (update.docChanged || update.selectionSet)
            options.moved(update.state.doc.toString(), update.state.selection.main.head);
        }),
      ],
    }),
  });
  return {
    mark: (marks) =>
      view.dispatch(
        setDiagnostics(
          view.state,
          marks.map((mark) => diagnostic(view.state, mark)).sort((a, b) => a.from - b.from),
        ),
      ),
    goTo: (line, column) => {
      const at = offset(view.state.doc, line, column);
      view.dispatch({
        selection: { anchor: at },
        effects: EditorView.scrollIntoView(at, { y: "center" }),
      });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}
