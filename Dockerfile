# Sweepscope: the CLI, the sidecar and the simulator. Build from the root of the repository.
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
COPY exporter/package.json exporter/
COPY plugin/package.json plugin/
COPY grafana/12.4/package.json grafana/12.4/
COPY grafana/13.2/package.json grafana/13.2/
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY exporter exporter
COPY plugin plugin
RUN npm run build --workspace exporter --workspace plugin

FROM node:20.20.2-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
COPY exporter/package.json exporter/
COPY plugin/package.json plugin/
COPY grafana/12.4/package.json grafana/12.4/
COPY grafana/13.2/package.json grafana/13.2/
RUN npm ci --omit=dev --no-audit --no-fund --workspace exporter

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /src/exporter/dist exporter/dist
COPY exporter/package.json exporter/
COPY exporter/bin exporter/bin
COPY exporter/assets exporter/assets
COPY examples examples
COPY LICENSE ./
RUN mkdir /runs && chown node:node /runs
USER node
VOLUME /runs
EXPOSE 9464
ENTRYPOINT ["node", "/app/exporter/bin/sweepscope.js"]
CMD ["--help"]
