/** How the host page is built: what Grafana would share with the panel, the page itself, and one style sheet. */
import { fileURLToPath } from 'node:url';
import TerserPlugin from 'terser-webpack-plugin';
import webpack, { type Configuration } from 'webpack';

const hostRoot = fileURLToPath(new URL('./', import.meta.url));

export function hostBuild(outputFolder: string): Configuration {
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
    resolve: { extensions: ['.tsx', '.ts', '.mjs', '.js'], extensionAlias: { '.js': ['.tsx', '.ts', '.js'] } },
    output: { path: outputFolder, filename: '[name].js', cssFilename: '[name].css', clean: true },
    optimization: {
      minimizer: [new TerserPlugin({ extractComments: false, terserOptions: { format: { comments: false } } })],
    },
    performance: { hints: false },
    plugins: [
      new webpack.DefinePlugin({ 'process.env.NODE_ENV': '"production"', global: 'globalThis' }),
      new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 }),
    ],
  };
}
