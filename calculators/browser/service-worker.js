/**
 * Keeps the handbook on the reader's machine: the pages and what they load at once, the runtime when asked.
 *
 * The build writes one line above this file: which files belong to this build, each with its hash. What is
 * kept has been checked against it, one cache for each build. A cache also remembers which pages (and their
 * workers) were read from it: they get everything else from there too, so that no page ever gets a file of
 * another build. A new build takes over at once for what is opened from then on; an old cache goes with the
 * last page that was read from it.
 *
 * @typedef {Record<string, string>} Hashes path under the site → its hash
 */

const worker = /** @type {any} */ (self);
/** @type {{ build: string, first: Hashes, later: Hashes, asked: Hashes }} */
const { build, first, later, asked } = worker.handbook;
/** @type {Hashes} */
const files = { ...first, ...later, ...asked };
/** @type {string} */
const SCOPE = worker.registration.scope;
const OURS = `handbook ${new URL(SCOPE).pathname} `;
const MINE = OURS + build;
/** Remembers the pages that came from the network, as another build may be there; it holds no file. */
const NETWORK = `${OURS}network`;
const HASH = "handbook-hash";
const CLIENT = `${SCOPE}client/`;
/** Named by their contents: whichever cache has one, it is the right one. */
const NAMED = /^(?:runtime|search)\//;

const SOON_MS = 200;

/** Which cache a page or worker reads from, as far as this start of the service worker knows. @type {Map<string, string>} */
const readers = new Map();

/** @param {string} path */
const address = (path) => new URL(path, SCOPE).href;

async function ourCaches() {
  return (await caches.keys()).filter((name) => name.startsWith(OURS));
}

async function olderCaches() {
  return (await ourCaches()).filter((name) => name !== MINE && name !== NETWORK);
}

/** @param {ArrayBuffer} body */
async function hashOf(body) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return `sha256-${btoa(String.fromCharCode(...digest))}`;
}

/**
 * Fetch a file of this build; a browser's own cache may be behind, so ask once more past it.
 * @param {string} path @returns {Promise<Response>}
 */
async function fetched(path) {
  for (const cache of /** @type {RequestCache[]} */ (["default", "reload"])) {
    const response = await fetch(address(path), { cache });
    const body = await response.arrayBuffer();
    const hash = await hashOf(body);
    if (response.ok && hash === files[path]) {
      const headers = new Headers(response.headers);
      for (const name of ["Content-Encoding", "Content-Length", "Vary"]) {
        headers.delete(name); // The body is unpacked here, and the same for everyone.
      }
      headers.set(HASH, hash);
      return new Response(body, { headers });
    }
  }
  throw new Error(`${path} is not of this build`);
}

/** @param {Cache} cache @param {string} path */
async function kept(cache, path) {
  const response = await cache.match(address(path));
  return response?.headers.get(HASH) === files[path] ? response : undefined;
}

/** Take a file over from an older build, where it has not changed. @param {Cache} cache @param {string} path */
async function takenOver(cache, path) {
  for (const name of await olderCaches()) {
    const response = await kept(await caches.open(name), path);
    if (response) {
      await cache.put(address(path), response);
      return true;
    }
  }
  return false;
}

/** @param {Cache} cache @param {string} path */
async function keep(cache, path) {
  if (!(await kept(cache, path)) && !(await takenOver(cache, path))) {
    await cache.put(address(path), await fetched(path));
  }
}

async function install() {
  const cache = await caches.open(MINE);
  const all = () => Promise.all(Object.keys(first).map((path) => keep(cache, path)));
  try {
    await all();
  } catch (error) {
    if (!isFull(error)) {
      throw error;
    }
    // There is no room for two builds: better the new one, or none, than the old one for ever.
    await emptyOlderCaches();
    await all().catch(async (reason) => {
      await caches.delete(MINE);
      throw reason;
    });
  }
  // Where the runtime has no room, it is not kept: everything else works without.
  await Promise.allSettled(Object.keys({ ...later, ...asked }).map((path) => takenOver(cache, path)));
  await worker.skipWaiting();
}

/** @param {unknown} error */
function isFull(error) {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}

/** Let go of all files of older builds; which pages read from them is still known. */
async function emptyOlderCaches() {
  for (const name of await olderCaches()) {
    const cache = await caches.open(name);
    const gone = (await cache.keys()).filter(({ url }) => !url.startsWith(CLIENT));
    await Promise.all(gone.map((each) => cache.delete(each)));
  }
}

async function activate() {
  if (!(await olderCaches()).length) {
    await worker.clients.claim();
  }
  for (const client of await worker.clients.matchAll({ type: "all" })) {
    // The first build takes in the pages that were there before it.
    if (!(await readersCache(client.id, ""))) {
      await remember(client.id, MINE);
    }
  }
}

/** Let go of the pages that are gone, and of the older caches that no page reads from. */
async function tidy() {
  const names = await ourCaches();
  if (worker.registration.installing) {
    return; // A newer build is filling its cache, which no page reads from yet.
  }
  for (const name of names) {
    const cache = await caches.open(name);
    let read = false;
    for (const { url } of await cache.keys()) {
      if (url.startsWith(CLIENT)) {
        const gone = await isGone(url.slice(CLIENT.length));
        read ||= !gone;
        await (gone && cache.delete(url));
      }
    }
    if (!read && name !== MINE) {
      await caches.delete(name);
    }
  }
}

/** Tell whether a page or worker is no more; of one that is still to come, the browser says nothing yet. @param {string} client */
async function isGone(client) {
  const known = worker.clients.get(client).then((/** @type {any} */ found) => !found);
  return Promise.race([known, new Promise((resolve) => setTimeout(resolve, SOON_MS, false))]);
}

/** @param {string} client @param {string} name */
async function remember(client, name) {
  readers.set(client, name);
  await (await caches.open(name)).put(CLIENT + client, new Response());
}

/** Tell from which cache a page or worker reads. @param {string} client @param {string} otherwise */
async function readersCache(client, otherwise) {
  const known = readers.get(client);
  if (known !== undefined || !client) {
    return known ?? otherwise;
  }
  for (const name of await ourCaches()) {
    if (await caches.match(CLIENT + client, { cacheName: name })) {
      readers.set(client, name);
      return name;
    }
  }
  return otherwise;
}

/** @param {string} path */
async function anywhere(path) {
  for (const name of NAMED.test(path) ? [MINE, ...(await olderCaches())] : []) {
    const response = await caches.match(address(path), { cacheName: name });
    if (response) {
      return response;
    }
  }
  return undefined;
}

/**
 * Find a file for someone who reads from a cache; undefined where only the network can have it.
 * @param {string} path @param {string} name
 */
async function found(path, name) {
  if (name === MINE && path in files) {
    const cache = await caches.open(MINE);
    const response = await kept(cache, path);
    if (response) {
      return response;
    }
    const anew = await fetched(path);
    cache.put(address(path), anew.clone()).catch(() => {}); // No room: it is used, and not kept.
    return anew;
  }
  const older = name !== MINE && name !== NETWORK;
  const response = older ? await caches.match(address(path), { cacheName: name }) : undefined;
  if (older && !response && path in files && !NAMED.test(path)) {
    throw new Error(`what is there of ${path} is not of this build`);
  }
  return response ?? anywhere(path);
}

/** Open a page, or start a page's worker: whatever it loads later comes from where it came from. @param {any} event */
async function opened({ request, clientId, resultingClientId }) {
  const path = pathOf(request.url);
  const opens = request.mode === "navigate";
  if (opens && `${path}/` in files) {
    return Response.redirect(`${request.url.split(/[?#]/)[0]}/${new URL(request.url).search}`);
  }
  let name = opens ? MINE : await readersCache(clientId, MINE);
  let response = opens && !(path in files) ? undefined : await found(path, name).catch(() => undefined);
  if (!response) {
    name = NETWORK;
    response = await fetch(request);
  }
  await remember(resultingClientId, name).catch(() => {});
  return response;
}

/** @param {any} event */
async function loaded({ request, clientId }) {
  const path = pathOf(request.url);
  const name = await readersCache(clientId, MINE).catch(() => NETWORK);
  let response;
  try {
    response = await found(path, name);
  } catch (error) {
    // Storage that fails is no reason to stop; a file of another build is.
    console.info(`policy handbook: ${error}`);
    if (/not of this build/.test(String(error))) {
      worker.registration.update().catch(() => {});
      return Response.error();
    }
  }
  return response ?? fetch(request);
}

/** @param {string} url */
function pathOf(url) {
  return new URL(url).href.slice(SCOPE.length).replace(/[?#].*$/, "").replace(/(^|\/)index\.html$/, "$1");
}

/** Several pages may ask at once: one turn after another, the files come in once. @type {Promise<unknown>} */
let turns = Promise.resolve();

/** Keep the runtime too, where it is wanted; say what is kept. @param {boolean} wanted */
async function keepRuntime(wanted) {
  const said = { pages: false, runtime: true, full: false };
  try {
    const cache = await caches.open(MINE);
    said.pages = Boolean(await kept(cache, ""));
    for (const path of Object.keys(later)) {
      if (wanted) {
        await keep(cache, path);
      }
      said.runtime &&= Boolean(await kept(cache, path));
    }
  } catch (error) {
    said.runtime = false;
    said.full = isFull(error);
  }
  return said;
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
  if (event.data.again) {
    event.waitUntil(worker.skipWaiting());
    return;
  }
  turns = turns.then(async () => event.source?.postMessage(await keepRuntime(event.data.runtime))).catch(() => {});
  event.waitUntil(turns);
});
