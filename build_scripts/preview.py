"""The server of `handbook serve`: MkDocs's own, which reloads a page when the handbook was built anew."""

from __future__ import annotations

from mkdocs.livereload import LiveReloadServer

from build_scripts.lockdown import allowing


class Preview(LiveReloadServer):
    """Serves pages under their own policy, widened by the one script that the reload adds."""

    def _inject_js_into_html(self, content: bytes, epoch: int) -> bytes:
        """Add the script that waits for the next build, and let the page's policy know it."""
        added: bytes = super()._inject_js_into_html(content, epoch)  # type: ignore[no-untyped-call]
        return allowing(added.decode()).encode()
