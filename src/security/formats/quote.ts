/** A text of a file as it is shown in a message: quoted, and cut short. */
export const quote = (text: string, most = 80): string => JSON.stringify(text.length > most ? `${text.slice(0, most)}…` : text)
