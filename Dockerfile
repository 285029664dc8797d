FROM rust:1-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked -p tongbao \
    && install --strip target/release/tongbao /usr/local/bin/tongbao

FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home tongbao \
    && install --directory --owner=tongbao --mode=0700 /data
COPY --from=build /usr/local/bin/tongbao /usr/local/bin/tongbao
USER tongbao
VOLUME /data
EXPOSE 8609
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8609 && printf 'GET /sandbox/v1/clock HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ' 200 ' <&3"]
CMD ["tongbao", "sandbox", "--data", "/data", "--listen", "0.0.0.0:8609"]
