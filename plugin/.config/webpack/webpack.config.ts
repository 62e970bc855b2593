/**
 * How module.js is built: the contract of `@grafana/create-plugin` (an anonymous AMD module, with what Grafana shares
 * left outside), without its scaffold. `scripts/build.mjs` compiles this file and runs webpack with it.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import CopyWebpackPlugin from 'copy-webpack-plugin';
import TerserPlugin from 'terser-webpack-plugin';
import type { Configuration } from 'webpack';

const pluginRoot = fileURLToPath(new URL('../../', import.meta.url));

/** What Grafana's loader supplies; everything else is in the bundle. */
export const SHARED_BY_GRAFANA = [
  'lodash',
  'jquery',
  'moment',
  '@emotion/css',
  '@emotion/react',
  'react',
  'react/jsx-runtime',
  'react/jsx-dev-runtime',
  'react-dom',
  'react-redux',
  'redux',
  'rxjs',
  'i18next',
  'd3',
  '@grafana/ui',
  '@grafana/runtime',
  '@grafana/data',
];

/** TypeScript by swc; types are checked elsewhere. */
const COMPILED = {
  test: /\.tsx?$/,
  exclude: /node_modules/,
  use: {
    loader: 'swc-loader',
    options: {
      jsc: {
        target: 'es2020',
        parser: { syntax: 'typescript', tsx: true },
        transform: { react: { runtime: 'classic' } },
      },
    },
  },
};

interface Package {
  version: string;
}

/** The configuration of a production build of the panel into `outputFolder`. `today` is written as YYYY-MM-DD. */
export function panelBuild(outputFolder: string, today: string): Configuration {
  const { version } = JSON.parse(readFileSync(`${pluginRoot}package.json`, 'utf8')) as Package;
  const fill = (content: Buffer): string =>
    content.toString().replaceAll('%VERSION%', version).replaceAll('%TODAY%', today);
  return {
    mode: 'production',
    target: ['web', 'es2020'],
    context: `${pluginRoot}src`,
    entry: { module: './module.ts' },
    devtool: 'source-map',
    externals: SHARED_BY_GRAFANA,
    module: { rules: [COMPILED] },
    resolve: { extensions: ['.tsx', '.ts', '.js'], extensionAlias: { '.js': ['.tsx', '.ts', '.js'] } },
    output: {
      path: outputFolder,
      filename: '[name].js',
      clean: true,
      library: { type: 'amd' },
      uniqueName: 'sweepscope-sweep-panel',
    },
    optimization: {
      minimizer: [new TerserPlugin({ extractComments: false, terserOptions: { format: { comments: false } } })],
    },
    performance: { maxAssetSize: 150_000, maxEntrypointSize: 150_000, hints: 'error', assetFilter: isScript },
    plugins: [
      new CopyWebpackPlugin({
        patterns: [
          { from: 'plugin.json', transform: fill },
          { from: 'README.md', transform: fill },
          { from: 'img', to: 'img' },
          { from: '../CHANGELOG.md' },
          { from: '../LICENSE', to: 'LICENSE', toType: 'file' },
        ],
      }),
    ],
  };
}

function isScript(name: string): boolean {
  return name.endsWith('.js');
}
