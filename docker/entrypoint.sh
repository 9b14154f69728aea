#!/bin/sh
# Runs the service of this image; a token may be given as a file instead of a variable.
set -eu
if [ -n "${WATCHTOWER_SHOP_TOKEN_FILE:-}" ]; then
  WATCHTOWER_SHOP_TOKEN=$(cat "$WATCHTOWER_SHOP_TOKEN_FILE")
  export WATCHTOWER_SHOP_TOKEN
fi
exec java ${JAVA_OPTS:-} --enable-native-access=ALL-UNNAMED -jar /app/app.jar "$@"
