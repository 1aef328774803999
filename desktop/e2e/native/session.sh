#!/bin/sh
# A desktop session for tests, inside of a display and a bus: window manager, notifications, an unlocked key store; then the command itself.
openbox >/dev/null 2>&1 &
dunst >/dev/null 2>&1 &
mkdir -p "$XDG_DATA_HOME"
printf '\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
"$@"
