const secretName =
  /SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|PRIVATE|CREDENTIAL|(^|_)(API|ACCESS|ENCRYPTION|SIGNING|AUTH|MASTER|SERVICE)_?KEY|_KEY$|_DSN$|(^|_)(DATABASE|DB|REDIS|MONGO|MONGODB|AMQP|POSTGRES|MYSQL)_UR[IL]$|^PGPASSWORD$/i;
/** Frameworks put these into what every visitor downloads. */
const publicName = /^(NEXT_PUBLIC_|VITE_|PUBLIC_|REACT_APP_|NUXT_PUBLIC_|GATSBY_|EXPO_PUBLIC_|VUE_APP_)/;
const withPassword = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;

/** Whether a variable of a `.env` file is rather kept as a secret: by its name, or an address with a password in it. */
export function looksSecret(name: string, value: string): boolean {
  if (value === "" || publicName.test(name)) return false;
  return secretName.test(name) || withPassword.test(value);
}
