/** Whether CloudSmith opens in a window of its own; where it does not, why. */
export function chooseStart({ platform, environment, electron, isRoot, args }) {
  const hasDisplay = platform !== "linux" || Boolean(environment.DISPLAY) || Boolean(environment.WAYLAND_DISPLAY);
  if (!hasDisplay) return { because: "there is no display here" };
  if (electron === undefined)
    return { because: "Electron is not here yet (npx install-electron fetches it, about 120 MB)" };
  if (isRoot && !args.includes("--no-sandbox"))
    return { because: "Electron's sandbox does not work for root (npm start -- --no-sandbox does without it)" };
  return { electron };
}
