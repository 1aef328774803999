export interface StartHere {
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly electron: string | undefined;
  readonly isRoot: boolean;
  readonly args: readonly string[];
}
export function chooseStart(here: StartHere): { electron: string } | { because: string };
