/** A file of a data set. */
export interface DataFile {
  /** What is read: absolute. A copy in a private folder when the data came over the network, or had to be converted. */
  readonly path: string
  /**
   * What messages and reports call it: the user's own file relative to the project folder, or the address that it came from.
   * Its folders `key=value` are partitions.
   */
  readonly name: string
}
