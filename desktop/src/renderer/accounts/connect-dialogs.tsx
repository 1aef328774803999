import { Checkbox, Code, Field, Flex, Input, Text } from "@chakra-ui/react";
import type { AccountView } from "@cloudsmith/contracts/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { toast } from "../parts/toast.ts";
import { accounts } from "../words/accounts.ts";
import { useSay } from "../words/say.ts";
import { FormDialog } from "./form-dialog.tsx";
import { Waiting } from "./create-app-button.tsx";
import { useSignIn } from "./use-sign-in.ts";

/** GitHub takes this one with whatever port the agent has. */
const callback = "http://127.0.0.1/callback";

/** Keeps an OAuth client that the person registered, and signs in with it. */
export function OauthDialog({ onClose }: { readonly onClose: () => void }) {
  const say = useSay(accounts);
  const signIn = useSignIn();
  const [clientId, setClientId] = useState("");
  const [clientSecret, setSecret] = useState("");
  const [isPrivate, setPrivate] = useState(false);
  const connect = useMutation(api.accounts.connectOauthClient.mutationOptions({ onSuccess: signIn.goOn }));
  const access = isPrivate ? ("private" as const) : ("public" as const);
  return (
    <FormDialog
      onClose={onClose}
      title={say("oauth.title")}
      action={say("oauth.action")}
      ready={clientId.trim().length >= 8 && clientSecret.trim().length >= 8}
      pending={connect.isPending}
      error={connect.error ?? signIn.error}
      onSubmit={() => connect.mutate({ clientId, clientSecret, access, ...signIn.returnTo })}
    >
      <Text textStyle="small" color="fg.muted">
        {say("oauth.text")}
      </Text>
      <Flex align="center" gap="2" textStyle="small">
        {say("oauth.callback")}
        <Code>{callback}</Code>
        <CopyButton text={callback} />
      </Flex>
      <SecretField label={say("oauth.id")} value={clientId} onChange={setClientId} shown />
      <SecretField label={say("oauth.secret")} value={clientSecret} onChange={setSecret} />
      <Checkbox.Root size="sm" checked={isPrivate} onCheckedChange={({ checked }) => setPrivate(checked === true)}>
        <Checkbox.HiddenInput />
        <Checkbox.Control />
        <Checkbox.Label>{say("oauth.private")}</Checkbox.Label>
      </Checkbox.Root>
      <Waiting signIn={signIn} />
    </FormDialog>
  );
}

/** Pastes a token: a new account, or in the place of an old token. */
export function TokenDialog({ replaces, onClose }: { readonly replaces?: AccountView; readonly onClose: () => void }) {
  const say = useSay(accounts);
  const queries = useQueryClient();
  const [token, setToken] = useState("");
  const onSuccess = ({ login, name, notes }: AccountView & { notes: string[] }): void => {
    void queries.invalidateQueries({ queryKey: api.accounts.key() });
    void queries.invalidateQueries({ queryKey: api.repositories.key() });
    void toast({ title: say("token.kept", { login: login ?? name }), description: notes.join(" · ") });
    onClose();
  };
  const connect = useMutation(api.accounts.connectToken.mutationOptions({ onSuccess }));
  const replace = useMutation(api.accounts.replaceToken.mutationOptions({ onSuccess }));
  return (
    <FormDialog
      onClose={onClose}
      title={replaces === undefined ? say("token.title") : say("token.replaceTitle", { name: replaces.name })}
      action={say("token.action")}
      ready={token.trim().length >= 10}
      pending={connect.isPending || replace.isPending}
      error={connect.error ?? replace.error}
      onSubmit={() =>
        replaces === undefined ? connect.mutate({ token }) : replace.mutate({ account: replaces.id, token })
      }
    >
      <Text textStyle="small" color="fg.muted">
        {say("token.text")}
      </Text>
      <SecretField label={say("token.label")} value={token} onChange={setToken} />
    </FormDialog>
  );
}

/** Creates the app as one of an organization. */
export function OrganizationDialog({ onClose }: { readonly onClose: () => void }) {
  const say = useSay(accounts);
  const signIn = useSignIn();
  const [organization, setOrganization] = useState("");
  const create = useMutation(api.accounts.createGithubApp.mutationOptions({ onSuccess: signIn.goOn }));
  return (
    <FormDialog
      onClose={onClose}
      title={say("organization.title")}
      action={say("oauth.action")}
      ready={/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/.test(organization.trim())}
      pending={create.isPending}
      error={create.error ?? signIn.error}
      onSubmit={() => create.mutate({ organization: organization.trim(), ...signIn.returnTo })}
    >
      <Text textStyle="small" color="fg.muted">
        {say("organization.text")}
      </Text>
      <SecretField label={say("organization.label")} value={organization} onChange={setOrganization} shown />
      <Waiting signIn={signIn} />
    </FormDialog>
  );
}

/** One line of text; a secret is not shown, and no browser offers to keep it. */
function SecretField(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly shown?: boolean;
}) {
  const { label, value, onChange, shown = false } = props;
  return (
    <Field.Root>
      <Field.Label>{label}</Field.Label>
      <Input
        size="sm"
        type={shown ? "text" : "password"}
        autoComplete={shown ? "off" : "new-password"}
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field.Root>
  );
}
