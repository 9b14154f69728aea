#!/bin/sh
# Prints the administrator's first password, once, and fills the sample shop's own volume: a token to send with, made
# once, and the key by which it knows chaos-service. Monitor is healthy by now, so that the password is there if it made
# one.
set -eu
umask 077
first=$WATCHTOWER_DATA_DIR/monitor/first-password
if [ -s "$first" ]; then
  echo "Sign in at ${WATCHTOWER_PUBLIC_URL:-http://127.0.0.1:8080} as admin with the password  $(cat "$first")"
  echo "It is shown only this once, and has to be changed."
  rm "$first"
fi
keys=${WATCHTOWER_SHOP_DIR:-/var/lib/watchtower-shop}/keys
mkdir -p "$keys"
if [ ! -s "$keys/shop.token" ]; then
  java -Xmx64m -XX:+UseSerialGC -jar /app/app.jar token create --monitor http://monitor:8080 \
    --name sample-shop --scope ingest:write > "$keys/shop.token.part"
  mv "$keys/shop.token.part" "$keys/shop.token"
fi
# chaos makes its key while it starts.
key=$WATCHTOWER_DATA_DIR/keys/chaos.pub
tries=120
until [ -s "$key" ]; do
  tries=$((tries - 1))
  if [ "$tries" = 0 ]; then
    echo "chaos has made no key in two minutes: see docker compose logs chaos, then docker compose up again." >&2
    exit 1
  fi
  sleep 1
done
cp "$key" "$keys/chaos.pub.part"
mv "$keys/chaos.pub.part" "$keys/chaos.pub"
