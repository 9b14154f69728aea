# syntax=docker/dockerfile:1
# One image for each module: docker build --build-arg MODULE=ingest-service .
ARG MODULE

FROM node:22-bookworm-slim AS node

FROM maven:3.9-eclipse-temurin-25 AS build
ARG MODULE
# The dashboard is built with Node.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 --mount=type=cache,target=/root/.npm \
    ./mvnw -B -Dfast -DskipTests -pl "$MODULE" -am package \
 && java -Djarmode=tools -jar "$MODULE"/target/"$MODULE"-*-app.jar extract --destination /app \
 && mv /app/"$MODULE"-*-app.jar /app/app.jar

FROM eclipse-temurin:25-jre
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin watchtower \
 && install -d -o watchtower -g watchtower -m 0700 /var/lib/watchtower /var/lib/watchtower-shop
COPY --from=build /app /app
COPY --chmod=0555 docker/entrypoint.sh docker/healthcheck.sh /usr/local/bin/
COPY config /etc/watchtower
ENV SERVER_ADDRESS=0.0.0.0 \
    WATCHTOWER_DATA_DIR=/var/lib/watchtower \
    WATCHTOWER_CATALOG=/etc/watchtower/watchtower.yaml \
    JAVA_OPTS="-Xmx256m -Xss512k -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError"
USER 10001
WORKDIR /var/lib/watchtower
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 CMD ["/usr/local/bin/healthcheck.sh"]
ENTRYPOINT ["/usr/local/bin/entrypoint.sh"]
