# Build stage: a C compiler for durable_rules, nothing of which reaches the final image.
FROM python:3.12-slim AS build
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY requirements/build.lock requirements/runtime.lock requirements/
COPY docker/install.sh docker/
COPY pyproject.toml README.md LICENSE ./
COPY scoring_service scoring_service
COPY clients clients
RUN sh docker/install.sh /opt/ocop

# Final stage: the environment, the rules, and a user without rights.
FROM python:3.12-slim
RUN useradd --system --no-create-home ocop
COPY --from=build /opt/ocop /opt/ocop
COPY rules /rules
ENV PATH=/opt/ocop/bin:$PATH OCOP_RULES=/rules PYTHONUNBUFFERED=1
USER ocop
EXPOSE 50051
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s CMD ["ocop", "health", "127.0.0.1:50051"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["ocop"]
CMD ["serve", "--host", "0.0.0.0", "--port", "50051", "--notice-seconds", "2"]
