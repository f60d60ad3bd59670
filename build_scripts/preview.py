"""The server of `handbook serve`: MkDocs's own, which reloads a page when the handbook was built anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from mkdocs.livereload import LiveReloadServer

from build_scripts.lockdown import allowing
from build_scripts.offline import WORKER

# Who edits must see what is written now. A site that was tried at this address before may still be kept
# there: its next visit lets go of it, and the page that it opened says that there is a newer one.
LETS_GO = b"""self.addEventListener("install", (event) => event.waitUntil((async () => {
  const ours = (await caches.keys()).filter((name) => name.startsWith("handbook "));
  await Promise.all(ours.map((name) => caches.delete(name)));
  letGo(); // Not waited for: it comes after what installs this.
})()));
async function letGo() {
  await self.registration.unregister();
  for (const page of await self.clients.matchAll({ includeUncontrolled: true })) {
    page.postMessage({ behind: true });
  }
}
"""
ASKS_TO_KEEP = re.compile(rb'<meta name="handbook-offline"[^>]*>')


class Preview(LiveReloadServer):
    """Serves pages under their own policy, widened by the script that the reload adds; keeps none."""

    def _serve_request(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes] | None:
        """Serve a file; instead of the service worker, one that lets go of what was kept."""
        if environ["PATH_INFO"] == f"/{WORKER.name}":
            length = str(len(LETS_GO))
            start_response(
                "200 OK", [("Content-Type", "text/javascript"), ("Content-Length", length)]
            )
            return [LETS_GO]
        served: Iterable[bytes] | None = super()._serve_request(environ, start_response)
        return served

    def _inject_js_into_html(self, content: bytes, epoch: int) -> bytes:
        """Add the script that waits for the next build, and let the page's policy know it."""
        page = ASKS_TO_KEEP.sub(b"", content)
        added: bytes = super()._inject_js_into_html(page, epoch)  # type: ignore[no-untyped-call]
        return allowing(added.decode()).encode()
