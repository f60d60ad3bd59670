"""Hand the generated pages to MkDocs: the one place where MkDocs and the handbook meet."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from build_scripts import pages
from build_scripts.machine.files import machine_files
from build_scripts.machine.markdown import markdown_twin
from build_scripts.machine.wheel import built_wheel
from build_scripts.many import many_files
from build_scripts.offline import MANIFEST, WORKER, manifest
from build_scripts.quiz_site import write_bank
from build_scripts.runtime import build_runtime, install_runtime
from build_scripts.search import search_file
from build_scripts.tokens import colours

ASSETS = pages.ROOT / "calculators" / "browser"
ASSET_SUFFIXES = (".css", ".js", ".svg")
# Scripts that no page names as its own: the worker, and those that only some pages name.
APART = ("runtime-worker.js", "service-worker.js", "embed.js")
# What comes in when it is asked for: more about an answer, saving it, the search, many at once.
LATER = ("ask-", "save-", "search-", "many-")
# Only a page with a quiz needs these.
QUIZ = re.compile(r"(policy-)?quiz")
# Libraries that the browser modules use, by the names under which they import them.
LIBRARIES = {
    "fflate.js": pages.ROOT / "node_modules" / "fflate" / "esm" / "browser.js",
    "saxen.js": pages.ROOT / "node_modules" / "saxen" / "dist" / "index.js",
}
# The page with the parts of the design is no part of the handbook.
WITHOUT_TWIN = ("states.md",)
# Material's search, which the handbook does not use.
UNUSED = ("assets/javascripts/workers/", "assets/javascripts/lunr/")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Read the texts, rules and labels anew, and lay out the navigation that follows from them."""
    handbook = pages.load_handbook(Path(config.docs_dir))
    config.extra["handbook"] = handbook
    config.extra["search_file"], config.extra["search"] = search_file(handbook, Path(config.docs_dir))
    config.extra["runtime"] = build_runtime(pages.ROOT / ".cache" / "runtime")
    config.extra["wheel"] = built_wheel(pages.ROOT / ".cache" / "wheel")
    config.extra["twins"] = {}
    config.extra["manifest"], config.extra["offline"] = MANIFEST, WORKER.name
    config.extra["papers"] = {scheme: each["paper"] for scheme, each in colours().items()}
    names = sorted(each.name for each in ASSETS.glob("*.js") if each.name not in APART)
    modules = [name for name in names if not name.startswith(LATER)]
    config.extra["modules"] = [name for name in modules if not QUIZ.match(name)]
    config.extra["quiz_modules"] = [name for name in modules if QUIZ.match(name)]
    config.nav = pages.navigation(handbook)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add every generated page and the browser modules; hold back texts that carry quiz answers."""
    handbook: pages.Handbook = config.extra["handbook"]
    for_programs = machine_files(
        handbook, config.site_name, config.site_description or "",
        config.extra["runtime"], config.extra["wheel"],
    )  # fmt: skip
    for page in (*pages.render(handbook), *many_files(handbook), *for_programs):
        files.append(File.generated(config, page.path, content=page.content))
    for asset in sorted(ASSETS.iterdir()):
        # The service worker stands above all that it looks after, and is written last of all.
        if asset.suffix in ASSET_SUFFIXES and asset.name != WORKER.name:
            path = f"assets/handbook/{asset.name}"
            files.append(File.generated(config, path, abs_src_path=str(asset)))
    for name, library in LIBRARIES.items():
        path = f"assets/handbook/{name}"
        files.append(File.generated(config, path, abs_src_path=str(library)))
    files.append(
        File.generated(config, config.extra["search_file"], content=config.extra["search"])
    )
    installed = manifest(config.site_name, config.site_description or "")
    files.append(File.generated(config, MANIFEST, content=installed))
    for file in [each for each in files if each.src_uri.startswith(UNUSED)]:
        files.remove(file)
    for bank in handbook.banks:
        for text in handbook.texts.get(bank.source, ()):
            source = files.get_file_from_path(f"policies/{text.path.name}")
            if source:
                files.remove(source)
    return files


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    """Keep the Markdown twin of a page."""
    del files
    if page.file.src_uri not in WITHOUT_TWIN:
        twin = markdown_twin(html, page.title or "", config.extra["handbook"].labels)
        config.extra["twins"][Path(page.file.dest_uri).with_suffix(".md").as_posix()] = twin


def on_post_build(config: MkDocsConfig) -> None:
    """Put the twins, the wheel, the runtime and the quiz banks beside the pages."""
    site = Path(config.site_dir)
    for path, twin in config.extra["twins"].items():
        (site / path).write_text(twin, encoding="utf-8")
    shutil.copyfile(config.extra["wheel"], site / config.extra["wheel"].name)
    for bank in config.extra["handbook"].banks:
        write_bank(bank, site / "quiz" / bank.id / "bank.bin")
    install_runtime(site, config.extra["runtime"])
