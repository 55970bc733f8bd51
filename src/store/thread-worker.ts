import { createFollower } from "./follower.ts";
import type { ToDatabase } from "./thread-messages.ts";

// The database thread's entry point. Everything of the sidecar that touches libSQL runs here, because a libSQL call
// blocks its thread.
declare const self: Worker;

const follower = createFollower((message) => self.postMessage(message));
self.onmessage = (event: MessageEvent<ToDatabase>) => follower.receive(event.data);
