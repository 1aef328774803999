/** The unit: stopping it ends the agent alone, the keeper and the apps go on. */
export function systemdText(command: readonly string[]): string {
  // Variables stand for something in arguments only, specifiers such as %h everywhere (systemd.service(5), "Command lines").
  const quoted = command
    .map((part) => part.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%"))
    .map((part, index) => `"${index === 0 ? part : part.replaceAll("$", "$$$$")}"`);
  return `[Unit]
Description=CloudSmith agent

[Service]
ExecStart=${quoted.join(" ")}
KillMode=process
Restart=on-failure
RestartPreventExitStatus=75

[Install]
WantedBy=default.target
`;
}

/** A launch agent: it starts when the person signs in, and what it started goes on when it ends. */
export function plistText(label: string, command: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key><string>${label}</string>
  <key>ProgramArguments</key><array>${command.map((part) => `<string>${escape(part)}</string>`).join("")}</array>
  <key>RunAtLoad</key><true/>
  <key>AbandonProcessGroup</key><true/>
</dict>
</plist>
`;
}

/**
 * A scheduled task as Task Scheduler's XML (https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema). Its defaults would end the agent after
 * three days and not start it on battery.
 */
export function taskXml(user: string, [program = "", ...args]: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers><LogonTrigger><Enabled>true</Enabled><UserId>${escape(user)}</UserId></LogonTrigger></Triggers>
  <Principals><Principal id="Author"><UserId>${escape(user)}</UserId><LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel></Principal></Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Hidden>true</Hidden>
  </Settings>
  <Actions Context="Author"><Exec><Command>${escape(program)}</Command><Arguments>${escape(args.map(windowsArgument).join(" "))}</Arguments></Exec></Actions>
</Task>
`;
}

/** An argument as Windows' own parser takes it apart again (CommandLineToArgvW): backslashes before a quote are doubled. */
function windowsArgument(text: string): string {
  return `"${text.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
