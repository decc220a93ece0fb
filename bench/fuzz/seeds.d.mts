type Wrap = (bytes: Uint8Array) => Uint8Array
/** Files around a pickle that loaders of pickles open; what is in the pickle is what the file does. */
export const WRAPS: Readonly<Record<string, Wrap>>
