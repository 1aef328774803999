import { Button, Menu, Portal } from "@chakra-ui/react";
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { accounts } from "../words/accounts.ts";
import { useSay } from "../words/say.ts";
import { OauthDialog, OrganizationDialog, TokenDialog } from "./connect-dialogs.tsx";

const ways = ["organization", "oauth", "token"] as const;
type Way = (typeof ways)[number];

/** The other ways to connect: an organization's app, an OAuth client, a pasted token. */
export function ConnectMenu() {
  const say = useSay(accounts);
  const [way, setWay] = useState<Way>();
  const close = (): void => setWay(undefined);
  return (
    <>
      <Menu.Root>
        <Menu.Trigger asChild>
          <Button size="sm" variant="outline">
            {say("another")}
            <ChevronDown size={14} />
          </Button>
        </Menu.Trigger>
        <Portal>
          <Menu.Positioner>
            <Menu.Content>
              {ways.map((each) => (
                <Menu.Item key={each} value={each} onClick={() => setWay(each)}>
                  {say(each)}
                </Menu.Item>
              ))}
            </Menu.Content>
          </Menu.Positioner>
        </Portal>
      </Menu.Root>
      {way === "organization" && <OrganizationDialog onClose={close} />}
      {way === "oauth" && <OauthDialog onClose={close} />}
      {way === "token" && <TokenDialog onClose={close} />}
    </>
  );
}
