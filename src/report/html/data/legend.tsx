/** What the colours of the drawings mean. */
export function Legend({ compared }: { compared: boolean }) {
  return (
    <p class="legend">
      <span class="swatch current" /> this data{' '}
      {compared && (
        <>
          <span class="swatch reference" /> reference
        </>
      )}
    </p>
  )
}
