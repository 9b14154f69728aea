#!/bin/sh
# Prints the administrator's first password and makes the sample shop's token, each once. Monitor is healthy by now, so
# that the password is there if it made one.
set -eu
umask 077
first=$WATCHTOWER_DATA_DIR/monitor/first-password
if [ -s "$first" ]; then
  echo "Sign in at ${WATCHTOWER_PUBLIC_URL:-http://127.0.0.1:8080} as admin with the password  $(cat "$first")"
  echo "It is shown only this once, and has to be changed."
  rm "$first"
fi
file=$WATCHTOWER_DATA_DIR/keys/shop.token
[ -s "$file" ] && exit 0
java -Xmx64m -XX:+UseSerialGC -jar /app/app.jar token create --monitor http://monitor:8080 \
  --name sample-shop --scope ingest:write > "$file.part"
mv "$file.part" "$file"
