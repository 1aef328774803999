import { os } from "./base.ts";

export const system = {
  info: os.system.info.handler(({ context: { services } }) => services.info()),
  doctor: os.system.doctor.handler(({ context: { services }, signal }) =>
    services.doctor(signal ?? AbortSignal.timeout(60_000)),
  ),
  clean: os.system.clean.handler(({ context: { services } }) => services.clean()),
  supportBundle: os.system.supportBundle.handler(({ context: { services, caller } }) =>
    services.supportBundle(caller.teamId),
  ),
  shutdown: os.system.shutdown.handler(({ input, context: { services } }) => {
    services.shutdown(input.apps);
    return { done: true as const };
  }),
};
