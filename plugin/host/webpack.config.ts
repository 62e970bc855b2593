/** How the host page is built: what Grafana would share with the panel, the page itself, and one style sheet. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import TerserPlugin from 'terser-webpack-plugin';
import webpack, { type Configuration } from 'webpack';

const hostRoot = fileURLToPath(new URL('./', import.meta.url));

/** What must be there once, and of the version that is asked for; by `$`, without what lies below. */
const OF_GRAFANA = ['@grafana/data$', '@grafana/ui$', 'react', 'react-dom'];

/** Folder of a package as Node finds it from `from`. @throws Error when it is not installed */
function packageFolder(name: string, from: string): string {
  const folder = join(from, 'node_modules', name);
  if (existsSync(folder)) return folder;
  if (dirname(from) === from) throw new Error(`${name} is not installed: run npm ci`);
  return packageFolder(name, dirname(from));
}

/** A build of the host page into `outputFolder`, with Grafana's packages as they are installed for the package in `grafanaFolder`. */
export function hostBuild(outputFolder: string, grafanaFolder = hostRoot): Configuration {
  return {
    mode: 'production',
    target: ['web', 'es2020'],
    context: hostRoot,
    entry: { host: './src/main.tsx' },
    experiments: { css: true },
    module: {
      rules: [
        {
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
        },
        { test: /\.(svg|png|gif|woff2?)$/, type: 'asset/inline' },
        { test: /\.m?js$/, resolve: { fullySpecified: false } },
      ],
    },
    resolve: {
      extensions: ['.tsx', '.ts', '.mjs', '.js'],
      extensionAlias: { '.js': ['.tsx', '.ts', '.js'] },
      alias: Object.fromEntries(OF_GRAFANA.map((name) => [name, packageFolder(name.replace('$', ''), grafanaFolder)])),
    },
    output: { path: outputFolder, filename: '[name].js', cssFilename: '[name].css', clean: true },
    optimization: {
      // Only the page that is shipped has to be small.
      minimize: grafanaFolder === hostRoot,
      minimizer: [new TerserPlugin({ extractComments: false, terserOptions: { format: { comments: false } } })],
    },
    performance: { hints: false },
    plugins: [
      new webpack.DefinePlugin({ 'process.env.NODE_ENV': '"production"', global: 'globalThis' }),
      new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 }),
    ],
  };
}
