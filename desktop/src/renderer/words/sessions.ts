export const sessions = {
  browsers: "Browsers",
  browsersDetail: "They end after 12 hours without use, and after 30 days in any case.",
  programs: "Programs",
  programsDetail:
    "They hold a token that does not end by itself. The command line gets a new one when its own is revoked.",
  thisDevice: "this browser",
  thisProgram: "this connection",
  used: "last used",
  since: "since",
  end: "Sign out",
  endNamed: "Sign out {name}",
  revoke: "Revoke",
  revokeNamed: "Revoke {name}",
  ended: "{name} is signed out",
  here: "Sign out here",
  others: "Sign out all other browsers",
  othersEnded:
    "{count, plural, =0 {No other browser was signed in} one {# browser was signed out} other {# browsers were signed out}}",
  none: "No browser is signed in.",
} as const;
