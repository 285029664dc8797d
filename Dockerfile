FROM rust:1-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends cmake && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked -p tongbao

FROM debian:bookworm-slim
COPY --from=build /src/target/release/tongbao /usr/local/bin/tongbao
RUN useradd --create-home tongbao && mkdir /data && chown tongbao /data
USER tongbao
VOLUME /data
EXPOSE 8609
CMD ["tongbao", "sandbox", "--data", "/data", "--listen", "0.0.0.0:8609"]
