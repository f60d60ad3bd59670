"""Hand the generated pages to MkDocs: the one place where MkDocs and the handbook meet."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from build_scripts import pages
from build_scripts.quiz import write_bank
from build_scripts.runtime import build_runtime, install_runtime

ASSETS = pages.ROOT / "calculators" / "browser"
ASSET_SUFFIXES = (".css", ".js", ".svg")
# It must lie beside Material's search worker, which finds its own parts by their place.
SEARCH_LATER = ASSETS / "search-later.js"
# Scripts that a page does not import: the workers, and the one that only calculators' pages name.
APART = ("runtime-worker.js", "runtime-start.js", SEARCH_LATER.name)
# What comes in after the first answer, when a page asks more about it, or when a reader saves it.
LATER = ("ask-", "save-")
# Libraries that the browser modules use, by the names under which they import them.
LIBRARIES = {"fflate.js": pages.ROOT / "node_modules" / "fflate" / "esm" / "browser.js"}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Read the texts, rules and labels anew, and lay out the navigation that follows from them."""
    handbook = pages.load_handbook(Path(config.docs_dir))
    config.extra["handbook"] = handbook
    config.extra["runtime"] = build_runtime(pages.ROOT / ".cache" / "runtime")
    config.extra["modules"] = sorted(
        each.name
        for each in ASSETS.glob("*.js")
        if each.name not in APART and not each.name.startswith(LATER)
    )
    config.nav = pages.navigation(handbook)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add every generated page and the browser modules; hold back texts that carry quiz answers."""
    handbook: pages.Handbook = config.extra["handbook"]
    for page in pages.render(handbook):
        files.append(File.generated(config, page.path, content=page.content))
    for asset in sorted(ASSETS.iterdir()):
        if asset.suffix in ASSET_SUFFIXES:
            folder = "javascripts/workers" if asset == SEARCH_LATER else "handbook"
            path = f"assets/{folder}/{asset.name}"
            files.append(File.generated(config, path, abs_src_path=str(asset)))
    for name, library in LIBRARIES.items():
        path = f"assets/handbook/{name}"
        files.append(File.generated(config, path, abs_src_path=str(library)))
    for bank in handbook.banks:
        for text in handbook.texts.get(bank.source, ()):
            source = files.get_file_from_path(f"policies/{text.path.name}")
            if source:
                files.remove(source)
    return files


def on_post_build(config: MkDocsConfig) -> None:
    """Put the runtime and the quiz banks beside the pages."""
    site = Path(config.site_dir)
    for bank in config.extra["handbook"].banks:
        write_bank(bank, site / "quiz" / bank.id / "bank.bin")
    install_runtime(site, config.extra["runtime"])
