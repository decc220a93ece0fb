declare module 'seek-bzip' {
  const library: unknown
  export default library
}
