/**
 * Keeps the handbook on the reader's machine: the pages and what they load at once, the runtime when asked.
 *
 * The build writes one line above this file: which files belong to this build, each with its hash. Each build
 * has a cache with its list in it, and whatever comes in is checked against the list. A note says which build
 * is current: what is opened comes from that one, and whatever a page or its worker loads later comes from
 * where it was opened, so that no page ever gets a file of another build. A build is current as soon as all
 * its pages are there. It is then served by the service worker of the build before, which gives way when no
 * page is open: `skipWaiting` would stop it in mid-answer, or come minutes late. So lists and notes must stay
 * such as the build before reads them. An older cache goes with the last page that was opened from it.
 *
 * @typedef {Record<string, string>} Hashes path under the site → its hash
 * @typedef {{ build: string, first: Hashes, later: Hashes, ways: Hashes }} Handbook
 * @typedef {{ handbook: Handbook, files: Map<string, string> }} List
 */

const worker = /** @type {any} */ (self);
/** @type {string} */
const SCOPE = worker.registration.scope;
const OURS = `handbook ${new URL(SCOPE).pathname} `;
const MINE = OURS + worker.handbook.build;
const NOTES = `${OURS}notes`;
/** Where a page comes from that no cache has: another build may be there. */
const NETWORK = "network";
const HASH = "handbook-hash";
const LIST = `${SCOPE}note/list`;
const CURRENT = `${SCOPE}note/current`;
const CLIENT = `${SCOPE}note/client/`;
/** Named by their contents: whichever cache has one, it is the right one. */
const NAMED = /^(?:runtime|search)\//;
/** Comes in piece by piece, which its reader looks at, and is checked by its reader too. */
const BIG = /^runtime\//;

const SOON_MS = 200;

/** @type {Map<string, List>} */
const lists = new Map([[MINE, listed(worker.handbook)]]);
/** Where a page or worker was opened from, as far as this start of the service worker knows. @type {Map<string, string>} */
const readers = new Map();

/** @param {string} path */
const address = (path) => new URL(path, SCOPE).href;

/** @param {string} url */
function pathOf(url) {
  return new URL(url).href.slice(SCOPE.length).replace(/[?#].*$/, "").replace(/(^|\/)index\.html$/, "$1");
}

/** @param {Handbook} handbook @returns {List} */
function listed(handbook) {
  const { first, later, ways } = handbook;
  return { handbook, files: new Map(Object.entries({ ...first, ...later, ...ways })) };
}

/* ---- Notes: the list of each build, which one is current, who was opened from where -------------------- */

/** @param {string} url @param {string} [name] */
async function noted(url, name = NOTES) {
  return (await caches.match(url, { cacheName: name }))?.text();
}

/** @param {string} url @param {string} text @param {string} [name] */
async function note(url, text, name = NOTES) {
  await (await caches.open(name)).put(url, new Response(text));
}

async function builds() {
  return (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== NOTES);
}

/** Give what belongs to the build of a cache, if its list is there. @param {string} name */
async function listOf(name) {
  const text = lists.has(name) ? undefined : await noted(LIST, name);
  if (text) {
    lists.set(name, listed(JSON.parse(text)));
  }
  return lists.get(name);
}

/** Name the cache that pages are opened from. */
async function current() {
  const name = await noted(CURRENT);
  return name && (await caches.has(name)) && (await listOf(name)) ? name : MINE;
}

/** @param {string} client @param {string} name */
async function remember(client, name) {
  readers.set(client, name);
  await note(CLIENT + client, name);
}

/** Tell where a page or worker was opened from, if that is known. @param {string} client */
async function originOf(client) {
  const name = readers.get(client) ?? (client ? await noted(CLIENT + client) : undefined);
  if (name) {
    readers.set(client, name);
  }
  return name;
}

/* ---- Files, each checked against its build's list -------------------------------------------------------- */

/** @param {ArrayBuffer} body */
async function hashOf(body) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return `sha256-${btoa(String.fromCharCode(...digest))}`;
}

/** @param {Response} response @param {string} path @param {string} expected */
async function checked(response, path, expected) {
  const body = await response.arrayBuffer();
  if ((await hashOf(body)) !== expected) {
    throw new Error(`${path} is not of this build`);
  }
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Length", "Vary"]) {
    headers.delete(name); // The body is unpacked here, and the same for everyone.
  }
  headers.set(HASH, expected);
  return new Response(body, { headers });
}

/**
 * Fetch a file of a build; a browser's own cache may be behind, so ask once more past it.
 * @param {string} path @param {string} expected
 */
async function fetched(path, expected) {
  const ask = async (/** @type {RequestCache} */ cache) => checked(await fetch(address(path), { cache }), path, expected);
  return ask("default").catch(() => ask("reload"));
}

/** @param {string} name @param {string} path @param {string} expected */
async function kept(name, path, expected) {
  const response = await caches.match(address(path), { cacheName: name });
  return response?.headers.get(HASH) === expected ? response : undefined;
}

/** Find a file in whichever cache has it as it should be. @param {string} path @param {string} expected */
async function keptAnywhere(path, expected) {
  for (const name of await builds()) {
    const response = await kept(name, path, expected);
    if (response) {
      return response;
    }
  }
  return undefined;
}

/** Take a file over from another build, where it has not changed. @param {string} name @param {string} path @param {string} expected */
async function takeOver(name, path, expected) {
  const response = await keptAnywhere(path, expected);
  await (response && (await caches.open(name)).put(address(path), response));
}

/** @param {string} name @param {string} path @param {string} expected */
async function keep(name, path, expected) {
  if (!(await kept(name, path, expected))) {
    const response = (await keptAnywhere(path, expected)) ?? (await fetched(path, expected));
    await (await caches.open(name)).put(address(path), response);
  }
}

/** @param {string} name @param {Hashes} hashes */
function keepAll(name, hashes) {
  return Promise.all(Object.entries(hashes).map(([path, expected]) => keep(name, path, expected)));
}

/** @param {string} path */
async function namedAnywhere(path) {
  for (const name of NAMED.test(path) ? await builds() : []) {
    const response = await caches.match(address(path), { cacheName: name });
    if (response) {
      return response;
    }
  }
  return undefined;
}

/**
 * Find a file for whoever was opened from a cache; undefined where only the network can have it.
 * @param {Request} request @param {string} name
 */
async function found(request, name) {
  const path = pathOf(request.url);
  const list = name === NETWORK ? undefined : await listOf(name);
  const expected = list?.files.get(path);
  if (expected) {
    const response = (await kept(name, path, expected)) ?? (await keptAnywhere(path, expected));
    return response ?? (BIG.test(path) ? handedOn(request, name, path, expected) : fetchedAnew(name, path, expected));
  }
  const named = await namedAnywhere(path);
  if (!named && !list && name !== NETWORK && lists.get(MINE)?.files.has(path)) {
    throw new Error(`${path} may not be of this build`);
  }
  return named;
}

/** @param {string} name @param {string} path @param {string} expected */
async function fetchedAnew(name, path, expected) {
  const response = await fetched(path, expected);
  putWhereRoom(name, path, response.clone());
  return response;
}

/** Hand a file on while it comes in; what came in whole is kept. @param {Request} request @param {string} name @param {string} path @param {string} expected */
async function handedOn(request, name, path, expected) {
  const response = await fetch(request);
  checked(response.clone(), path, expected)
    .then((copy) => putWhereRoom(name, path, copy))
    .catch(() => {}); // Whoever reads it checks it too.
  return response;
}

/** What has no room is used, and not kept. @param {string} name @param {string} path @param {Response} response */
function putWhereRoom(name, path, response) {
  caches
    .open(name)
    .then((cache) => cache.put(address(path), response))
    .catch(() => {});
}

/* ---- A build comes in, and goes ---------------------------------------------------------------------------- */

/** @param {unknown} error */
function isFull(error) {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}

async function install() {
  if (!("resultingClientId" in worker.FetchEvent.prototype)) {
    throw new Error("this browser does not say which page a request opens");
  }
  const { handbook } = worker;
  const all = async () => {
    await keepAll(MINE, handbook.first);
    await note(LIST, JSON.stringify(handbook), MINE);
    await note(CURRENT, MINE);
  };
  await all().catch(async (error) => {
    if (!isFull(error)) {
      throw error;
    }
    // There is no room for two builds: better the new one, or none, than the old one for ever.
    await Promise.all((await builds()).map((name) => name === MINE || discard(name)));
    await all().catch(async (reason) => {
      await discard(MINE);
      throw reason;
    });
  });
  // Where the runtime has no room, it is not kept: everything else works without.
  const rest = Object.entries({ ...handbook.later, ...handbook.ways });
  await Promise.allSettled(rest.map(([path, expected]) => takeOver(MINE, path, expected)));
  for (const client of await worker.clients.matchAll({ type: "window", includeUncontrolled: true })) {
    if (await isBehind(client.id)) {
      client.postMessage({ behind: true });
    }
  }
}

/** Let go of a cache; of its files first, since a cache that is still in use somewhere keeps its room. @param {string} name */
async function discard(name) {
  const cache = await caches.open(name);
  await Promise.all((await cache.keys()).map((each) => cache.delete(each)));
  await caches.delete(name);
}

/** Tell whether a page was opened from an older build. @param {string} client */
async function isBehind(client) {
  const name = (await originOf(client)) ?? NETWORK;
  return name !== NETWORK && name !== (await current());
}

/** Take in the pages that no build has opened: those that were there before the first one, say. */
async function activate() {
  await worker.clients.claim();
  for (const { id } of await worker.clients.matchAll({ type: "all" })) {
    if (!(await originOf(id))) {
      await remember(id, MINE);
    }
  }
}

/** Let go of the notes on pages that are gone, and of the older caches that no page was opened from. */
async function tidy() {
  const names = await builds();
  const notes = await caches.open(NOTES);
  const needed = new Set([await current()]);
  for (const { url } of await notes.keys()) {
    const client = url.startsWith(CLIENT) && url.slice(CLIENT.length);
    if (client && (await isGone(client))) {
      readers.delete(client);
      await notes.delete(url);
    } else if (client) {
      needed.add((await originOf(client)) ?? NETWORK);
    }
  }
  for (const name of names) {
    // A newer build may be filling its cache, and a page may just be opening.
    if (!worker.registration.installing && !needed.has(name) && ![...readers.values()].includes(name)) {
      await discard(name);
    }
  }
}

/** Tell whether a page or worker is no more; of one that is still to come, the browser says nothing yet. @param {string} client */
async function isGone(client) {
  const known = worker.clients.get(client).then((/** @type {any} */ each) => !each);
  return Promise.race([known, new Promise((resolve) => setTimeout(resolve, SOON_MS, false))]);
}

/* ---- Requests ------------------------------------------------------------------------------------------------ */

/** Open a page, or start a page's worker: whatever it loads later comes from where it came from. @param {any} event */
async function opened({ request, clientId, resultingClientId }) {
  const path = pathOf(request.url);
  const opens = request.mode === "navigate";
  const name = await (opens ? current() : cacheFor(clientId)).catch(() => NETWORK);
  readers.set(resultingClientId, name); // At once: what it is opened from must not be tidied away.
  const files = (await listOf(name).catch(() => undefined))?.files;
  if (opens && files?.has(`${path}/`)) {
    return Response.redirect(`${request.url.split(/[?#]/)[0]}/${new URL(request.url).search}`);
  }
  const response = opens && !files?.has(path) ? undefined : await found(request, name).catch(() => undefined);
  await remember(resultingClientId, response ? name : NETWORK).catch(() => {});
  return response ?? fetch(request);
}

/** @param {any} event */
async function loaded({ request, clientId }) {
  let response;
  try {
    response = await found(request, await cacheFor(clientId));
  } catch (error) {
    // Storage that fails is no reason to stop; a file of another build is.
    console.info(`policy handbook: ${error}`);
    if (/of this build$/.test(String(error))) {
      worker.registration.update().catch(() => {});
      return Response.error();
    }
  }
  return response ?? fetch(request);
}

/** @param {string} client */
async function cacheFor(client) {
  return (await originOf(client)) ?? current();
}

/**
 * Fetch what a build lacks, the runtime only where it is wanted; say what is kept.
 * @param {boolean} wanted
 */
async function completed(wanted) {
  const said = { pages: false, runtime: false, full: false };
  try {
    const name = await current();
    const { first, later, ways } = (await listOf(name))?.handbook ?? worker.handbook;
    const there = new Set((await (await caches.open(name)).keys()).map(({ url }) => url));
    const without = (/** @type {Hashes} */ hashes) =>
      Object.fromEntries(Object.entries(hashes).filter(([path]) => !there.has(address(path))));
    await keepAll(name, without(first));
    said.pages = true;
    // Of the two ways into Python, the one that this machine took is enough.
    const lacking = without(later);
    const [path, expected] = /** @type {[string, string]} */ (Object.entries(ways)[0]);
    if (Object.keys(without(ways)).length === Object.keys(ways).length) {
      lacking[path] = expected;
    }
    await (wanted && keepAll(name, lacking));
    said.runtime = wanted || !Object.keys(lacking).length;
  } catch (error) {
    said.full = isFull(error);
  }
  return said;
}

/** Several pages may ask at once: one turn after another, the files come in once. @type {Promise<unknown>} */
let turns = Promise.resolve();

/**
 * Answer a page: where it was opened from, whether there is a newer build, and what is kept. A page that was
 * told before says where it was opened from, since that may have been forgotten here.
 * @param {any} event
 */
async function answer({ source, data }) {
  const origin = (await originOf(source.id)) ?? data.origin;
  await (origin && remember(source.id, origin)); // Anew: the note on it may have been cleared.
  source.postMessage({ origin, behind: await isBehind(source.id) });
}

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request, resultingClientId } = event;
  if (request.method === "GET" && request.url.startsWith(SCOPE)) {
    event.respondWith(resultingClientId ? opened(event) : loaded(event));
    if (request.mode === "navigate") {
      event.waitUntil(tidy().catch(() => {}));
    }
  }
});
worker.addEventListener("message", (/** @type {any} */ event) => {
  const { source, data } = event;
  const before = turns;
  const answered = answer(event).catch(() => {}); // Storage that fails knows nothing of a page.
  turns = Promise.all([before, answered])
    .then(async () => source.postMessage({ kept: await completed(data.runtime) }))
    .catch(() => {});
  event.waitUntil(turns);
});
