/**
 * The prepared lessons: what to send, step by step, what the standard says of it, and what is to be expected.
 *
 * A step is `{ on, title, does, source, send, expect, … }`: `on` is the number of the connection, `title` the
 * lesson's where there is none, `send(here)` returns
 * `{ text }` to be sent as lines, `{ frame }` for the frame builder, or `{ hex }`. `differs` says where this server does
 * not do what the standard wants. `needsWebSocket`: it makes sense only on a connection that has been switched.
 * `learn(answers)` returns what later steps need. `compareKey` is the key that the accept value is compared with.
 */

import { t } from "../shell/language.js";
import { ENGINE_IO } from "./lessons-engine-io.js";
import { FRAMES } from "./lessons-frames.js";
import { HANDSHAKES } from "./lessons-handshake.js";
import { RIGHT } from "./lessons-right.js";

export const GROUPS = [
  { title: t("lesson-group.right"), lessons: RIGHT },
  { title: t("lesson-group.handshakes"), lessons: HANDSHAKES },
  { title: t("lesson-group.frames"), lessons: FRAMES },
  { title: t("lesson-group.engine-io"), lessons: ENGINE_IO },
];
