"""Make the working copy ready: `.venv/` with Python 3.13, `node_modules/`, and for tests a browser.

Runs under any Python of 3.9 or later with pip, and again in a second: each step is skipped while the
files that it depends on are unchanged.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
PYTHON = "3.13"
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# What drives the two other engines in the tests, and where a Debian has it; about 45 s and 110 MB.
ENGINES = {
    "Firefox": (("firefox-esr",), ("firefox-esr",)),
    "WebKit": (("WebKitWebDriver", "Xvfb"), ("webkit2gtk-driver", "xvfb")),
}
# Unpacked beside the other tools, as an installed one would begin to serve: nginx, and what sends brotli.
NGINX = TOOLS / "nginx"
NGINX_PACKAGES = ("nginx", "libnginx-mod-http-brotli-static")
MAC_BROWSER = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def run(*command: str | Path, quiet: bool = False) -> None:
    """Run a command in the working copy and stop with its own words when it fails."""
    output = subprocess.PIPE if quiet else None
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        check=False,
        text=True,
        stdout=output,
        stderr=subprocess.STDOUT if quiet else None,
    )
    if done.returncode:
        sys.stderr.write(done.stdout or "")
        sys.exit(f"setup stopped at: {' '.join(map(str, command))}")


def unchanged(stamp: Path, *sources: Path) -> bool:
    """Tell whether `stamp` was left for exactly these sources; if not, it is removed until `mark`."""
    if stamp.exists() and stamp.read_text() == digest(*sources):
        return True
    stamp.unlink() if stamp.exists() else None
    return False


def digest(*sources: Path) -> str:
    """Hash the sources and this script, so that a changed recipe runs again."""
    texts = [source.read_bytes() for source in (*sources, Path(__file__))]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def uv() -> Path:
    """Bring uv, which finds a Python 3.13 on this machine or downloads one."""
    found = TOOLS / "bin" / "uv"
    if not found.exists():
        venv.create(TOOLS, with_pip=True)
        run(
            TOOLS / "bin" / "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            ROOT / "requirements-uv.txt",
            quiet=True,
        )
    return found


def set_up_python() -> None:
    """Create `.venv/` from the hashed requirements, with the `handbook` command in it."""
    requirements = ROOT / "requirements.txt"
    stamp = VENV / "handbook.sha256"
    if unchanged(stamp, requirements):
        return
    print("setting up Python ...", flush=True)
    run(uv(), "venv", "--quiet", "--allow-existing", "--python", PYTHON, VENV)
    run(uv(), "pip", "sync", "--quiet", "--require-hashes", "--python", VENV, requirements)
    site_packages = next((VENV / "lib").glob("python*/site-packages"))
    (site_packages / "handbook.pth").write_text(f"{ROOT}\n")
    command = VENV / "bin" / "handbook"
    # A Node that the setup brought lies beside Python; one of the machine goes before it.
    command.write_text(
        f'#!/bin/sh\nPATH="$PATH:{VENV}/bin" exec "{VENV}/bin/python" -m build_scripts "$@"\n'
    )
    command.chmod(0o755)
    stamp.write_text(digest(requirements))


def set_up_node() -> None:
    """Install the pinned Pyodide and the browser tools; bring Node from PyPI where there is none."""
    lock = ROOT / "package-lock.json"
    stamp = ROOT / "node_modules" / "handbook.sha256"
    if unchanged(stamp, lock):
        return
    print("setting up Pyodide ...", flush=True)
    if not shutil.which("npm"):
        run(
            uv(),
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "--python",
            VENV,
            "-r",
            ROOT / "requirements-node.txt",
        )
        os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
    run("npm", "ci", "--no-fund", "--no-audit", "--ignore-scripts", quiet=True)
    stamp.write_text(digest(lock))


def set_up_browser() -> None:
    """Find a Chromium for the tests, or install one by the means this machine has."""
    if any(shutil.which(name) for name in BROWSERS) or MAC_BROWSER.exists():
        return
    downloads = subprocess.run(
        [VENV / "bin" / "playwright", "install", "--list"],
        check=False,
        capture_output=True,
        text=True,
    )
    if "chromium" in downloads.stdout:
        return
    print("setting up a browser ...", flush=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        run("apt-get", "update", quiet=True)
        run(
            "apt-get",
            "install",
            "--yes",
            "--no-install-recommends",
            "chromium",
            "fonts-noto-cjk",
            quiet=True,
        )
    else:
        run(VENV / "bin" / "playwright", "install", "chromium")


def has_engine(name: str) -> bool:
    """Tell whether this machine has an engine, and what drives it."""
    programs, _ = ENGINES[name]
    return all(map(shutil.which, programs))


def set_up_engines() -> None:
    """Install Firefox and WebKit where that is a word to the system; the tests go on without them."""
    missing = {name: packages for name, (_, packages) in ENGINES.items() if not has_engine(name)}
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        print("setting up", " and ".join(missing), "...", flush=True)
        quietly("apt-get", "update")
        for name, packages in list(missing.items()):
            if quietly("apt-get", "install", "--yes", "--no-install-recommends", *packages):
                del missing[name]
    if missing:
        print("the tests go on without", " and ".join(missing), flush=True)


def find_nginx() -> str | None:
    """Find the machine's nginx, which stands apart from what users call, or the unpacked one."""
    apart = ["/usr/sbin", "/usr/local/sbin", str(NGINX / "usr" / "sbin")]
    return shutil.which("nginx") or shutil.which("nginx", path=os.pathsep.join(apart))


def set_up_nginx() -> None:
    """Unpack a Debian's nginx, where there is none; the tests go on without it."""
    if find_nginx():
        return
    if shutil.which("apt-get") and shutil.which("dpkg-deb"):
        print("setting up nginx ...", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            for name in NGINX_PACKAGES:
                quietly("apt-get", "download", name, folder=folder)
            for package in Path(folder).glob("*.deb"):
                quietly("dpkg-deb", "--extract", package, NGINX)
    if not find_nginx():
        print("the tests go on without nginx", flush=True)


def quietly(*command: str | Path, folder: str | None = None) -> bool:
    """Tell whether a command that may as well fail did what it should."""
    settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return not subprocess.run(
        [str(part) for part in command], check=False, capture_output=True, env=settings, cwd=folder
    ).returncode


if __name__ == "__main__":
    set_up_python()
    set_up_node()
    if "--browser" in sys.argv:
        set_up_browser()
        set_up_engines()
        set_up_nginx()
