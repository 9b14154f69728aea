#!/bin/sh
# Makes the sample shop's token, once.
set -eu
umask 077
file=$WATCHTOWER_DATA_DIR/keys/shop.token
[ -s "$file" ] && exit 0
java -Xmx64m -XX:+UseSerialGC -jar /app/app.jar token create --monitor http://monitor:8080 \
  --name sample-shop --scope ingest:write > "$file.part"
mv "$file.part" "$file"
