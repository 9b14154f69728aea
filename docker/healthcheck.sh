#!/bin/bash
# The image has no HTTP client; bash can speak enough of it.
exec 3<>"/dev/tcp/127.0.0.1/${SERVER_PORT:-8080}" || exit 1
printf 'GET /health/readiness HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
read -r -t 2 status <&3 || exit 1
case "$status" in *" 200"*) exit 0 ;; *) exit 1 ;; esac
