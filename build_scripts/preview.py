"""The server of `handbook serve`: MkDocs's own, which reloads a page when the handbook was built anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mkdocs.livereload import LiveReloadServer

from build_scripts.lockdown import allowing
from build_scripts.offline import WORKER

# Who edits must see what is written now: whatever a browser keeps of this address, it lets go of.
LETS_GO = b"""self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
  await self.registration.unregister();
})()));
"""


class Preview(LiveReloadServer):
    """Serves pages under their own policy, widened by the one script that the reload adds."""

    def _serve_request(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes] | None:
        """Serve a file; instead of the service worker that keeps pages, one that lets go of them."""
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
        added: bytes = super()._inject_js_into_html(content, epoch)  # type: ignore[no-untyped-call]
        return allowing(added.decode()).encode()
