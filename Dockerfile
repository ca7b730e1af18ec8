# syntax=docker/dockerfile:1
FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# The image has its Node.js already: the one among the optional dependencies stays out, and so does everything for development.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:24.21.0-bookworm-slim
LABEL org.opencontainers.image.title="Punctual" \
      org.opencontainers.image.description="Calls your web application back, once, at exactly the moment that was asked for" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="0.1.0"
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    DATA_DIR=/data \
    NODE_COMPILE_CACHE=/app/.compile-cache
RUN install --directory --owner=node --group=node --mode=0700 /data
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY src ./src
RUN install --directory --owner=node --group=node .compile-cache
USER node
# Started once, so that what is compiled is in the image, as the user who starts it later: the cache is each user's own.
RUN HOST=127.0.0.1 PORT=0 DATA_DIR=/tmp/warm-up timeout 10 node src/main.ts; \
    rm -r /tmp/warm-up && test -n "$(find .compile-cache -type f -print -quit)"
# The only place that is written to: the root file system may be read-only.
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node"]
CMD ["--max-semi-space-size=4", "src/main.ts"]
