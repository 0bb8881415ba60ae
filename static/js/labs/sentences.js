/**
 * What is said in a room, for experiments in which it matters what a text holds: an alphabet over and over would be
 * compressed to next to nothing.
 */

const SENTENCES = [
  "Is room 205 free after six this evening?", "The heating in room 118 is off again, could somebody look at it?",
  "We are four and need a whiteboard until nine.", "I booked a seat by the window but somebody else is sitting there.",
  "Thank you, the key is back at the desk.", "How long does the library stay open before the exams?",
  "Please keep it down in 301, we can hear every word next door.", "My booking for tomorrow morning is gone, what can I do?",
  "There is an umbrella left in room 204, blue with a wooden handle.", "Could the administrator move us to a larger room at half past two?",
];
const FIRST = 7; // by such steps neighbouring texts begin with different sentences,
const NEXT = 3; // and go on with others

/** A text of so many bytes that begins with its number; in ASCII, so that a character is a byte. */
export function spokenText(number, bytes) {
  let text = `${number}: `;
  for (let index = FIRST * number; text.length < bytes; index += NEXT) text += `${SENTENCES[index % SENTENCES.length]} `;
  return text.slice(0, bytes);
}
