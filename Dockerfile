# The API alone, for a PostgreSQL server that DATABASE_URL names. compose.yaml runs both.

FROM node:22-slim AS graphiql
WORKDIR /build/graphiql
COPY graphiql/package.json graphiql/package-lock.json graphiql/.npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY graphiql/build.mjs graphiql/examples.mjs ./
COPY graphiql/src src
COPY docs/examples ../docs/examples
RUN npm run build

FROM python:3.11-slim AS packages
WORKDIR /app
RUN python -m venv /venv
COPY requirements-build.lock requirements.lock ./
RUN /venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements-build.lock
RUN /venv/bin/pip install --no-cache-dir --require-hashes --no-deps --no-build-isolation -r requirements.lock
COPY pyproject.toml README.md ./
COPY api api
COPY db db
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin vrss
WORKDIR /app
COPY --from=packages /venv /venv
COPY --from=packages /app /app
COPY --from=graphiql /build/graphiql/dist graphiql/dist
RUN install --directory --owner=vrss --mode=700 /media
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VRSS_HOST=0.0.0.0 PORT=8000 VRSS_MEDIA_DIR=/media
USER vrss
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=2)"]
CMD ["vrss", "serve"]
