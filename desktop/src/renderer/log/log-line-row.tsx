import { memo, type CSSProperties, type MouseEvent } from "react";
import { intl } from "../words/say.ts";
import { paintOf, type Theme } from "./ansi-paint.ts";
import { plainText } from "./ansi-spans.ts";
import { levelOf } from "./line-level.ts";
import { lineSpans, type LineSpan } from "./line-spans.ts";
import { marksIn, type LogQuery } from "./log-query.ts";

export interface LogLineRowProps {
  readonly section: string;
  readonly position: number;
  /** Undefined while the line is on its way. */
  readonly text: string | undefined;
  readonly stream: string;
  readonly at: number;
  readonly timestamps: boolean;
  readonly theme: Theme;
  /** What is looked for, where this line has it. */
  readonly query: LogQuery | undefined;
  readonly isCurrent: boolean;
  readonly isChosen: boolean;
  readonly isCause: boolean;
  readonly isPinned: boolean;
  readonly label: string;
  readonly onChoose: (section: string, position: number, extend: boolean) => void;
}

const noMarks = (): [] => [];

/** One line. Drawn again only when something of it changes. */
export const LogLineRow = memo(function LogLineRow(props: LogLineRowProps) {
  const { section, position, text, stream, at, query, isCurrent, isChosen, isCause, isPinned, label } = props;
  const link = `${section}-L${position + 1}`;
  const choose = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.button !== 0) return;
    event.preventDefault();
    props.onChoose(section, position, event.shiftKey);
  };
  return (
    <div
      className={isPinned ? "log-line log-pinned" : "log-line"}
      data-line={link}
      data-stream={stream}
      data-level={text === undefined ? undefined : levelOf(plainText(text.slice(0, 400)))}
      data-hit={query === undefined ? undefined : ""}
      data-current={isCurrent ? "" : undefined}
      data-chosen={isChosen ? "" : undefined}
      data-cause={isCause ? "" : undefined}
    >
      <a className="log-number" href={`#${link}`} tabIndex={-1} aria-label={label} onClick={choose}>
        {position + 1}
      </a>
      {props.timestamps && <span className="log-time">{text === undefined ? "" : timeOf(at)}</span>}
      {text === undefined ? (
        <span className="log-missing" />
      ) : (
        <span className="log-text">
          {lineSpans(text, query === undefined ? noMarks : (plain) => marksIn(plain, query)).map((span, index) => (
            <Span key={index} span={span} theme={props.theme} />
          ))}
        </span>
      )}
    </div>
  );
});

function Span({ span: { text, style, href, marked }, theme }: { readonly span: LineSpan; readonly theme: Theme }) {
  const content = marked === true ? <mark>{text}</mark> : text;
  const css = cssOf(style, theme);
  if (href !== undefined)
    return (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow" tabIndex={-1} style={css}>
        {content}
      </a>
    );
  return css === undefined ? content : <span style={css}>{content}</span>;
}

function cssOf(style: LineSpan["style"], theme: Theme): CSSProperties | undefined {
  if (Object.keys(style).length === 0) return undefined;
  const { color, background } = paintOf(style, theme);
  const line = [style.underline === true && "underline", style.strike === true && "line-through"].filter(Boolean);
  return {
    color,
    background,
    ...(style.bold === true && { fontWeight: 600 }),
    ...(style.italic === true && { fontStyle: "italic" }),
    ...(line.length > 0 && { textDecoration: line.join(" ") }),
  };
}

/** In the person's zone, to the millisecond. */
function timeOf(at: number): string {
  const seconds = intl.formatDate(at, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  return `${seconds}.${String(at % 1000).padStart(3, "0")}`;
}
