/** Starts the runtime from the head of a page that holds a calculator, while the rest of the page comes in. */

import { runtime } from "./runtime-client.js";

runtime().start();
