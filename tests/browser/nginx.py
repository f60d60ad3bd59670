"""The real nginx over the built site, with a certificate made on the fly."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from build_scripts.bootstrap import NGINX, find_nginx

MODULE = "usr/lib/nginx/modules/ngx_http_brotli_static_module.so"
# The machine's, or what the setup has unpacked.
BROTLI = next(filter(Path.exists, (Path("/", MODULE), NGINX / MODULE)), None)
CONFIG = """
{modules}
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr warn;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{http};
        listen 127.0.0.1:{https} ssl;
        ssl_certificate {folder}/certificate.pem;
        ssl_certificate_key {folder}/key.pem;
        root {site};
        {own}
        include {settings};
        error_page 404 /404.html;
    }}
}}
"""
CERTIFICATE = (
    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
    "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
)  # fmt: skip


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def nginx(site: Path, settings: Path, folder: Path, own: str = "") -> Iterator[tuple[str, str]]:
    """Serve a site by its own settings; give the address over HTTPS and the one without.

    `own` is what an administrator writes before them.
    """
    found = find_nginx()
    if not found or not shutil.which("openssl"):
        pytest.skip("there is no nginx, or no openssl, on this machine")
    key = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run([*CERTIFICATE, *key], check=True, capture_output=True)
    http, https = free_port(), free_port()
    config = folder / "nginx.conf"
    modules = f"load_module {BROTLI};" if "brotli" in own else ""
    config.write_text(
        CONFIG.format(
            folder=folder, site=site, settings=settings, http=http, https=https, own=own, modules=modules,
        )
    )  # fmt: skip
    command = [found, "-e", "stderr", "-p", str(folder), "-c", str(config)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            while process.poll() is None and not answers(https):
                pass
            assert process.poll() is None, process.stderr.read() if process.stderr else ""
            yield f"https://localhost:{https}/", f"http://localhost:{http}/"
        finally:
            process.terminate()


def answers(port: int) -> bool:
    """Tell whether a server has begun to listen."""
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def trusting(folder: Path) -> ssl.SSLContext:
    """Trust the certificate that was made on the fly, and no other."""
    return ssl.create_default_context(cafile=folder / "certificate.pem")
