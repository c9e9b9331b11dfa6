"""Copies what the panel needs of the front-end libraries from node_modules: `python -m admin.vendor`.

Each text file gets a .gz beside it, which aiohttp serves to browsers that take it.
"""

import gzip
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
VENDOR = Path(__file__).parent / "static" / "vendor"

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "chart.js/dist/chart.umd.min.js": "chart.umd.min.js",
    "idiomorph/dist/idiomorph-ext.min.js": "idiomorph-ext.min.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/images/layers.png": "leaflet/images/layers.png",
    "leaflet/dist/images/layers-2x.png": "leaflet/images/layers-2x.png",
    "leaflet/dist/images/marker-icon.png": "leaflet/images/marker-icon.png",
    "leaflet/dist/images/marker-icon-2x.png": "leaflet/images/marker-icon-2x.png",
    "leaflet/dist/images/marker-shadow.png": "leaflet/images/marker-shadow.png",
}


def copy(modules: Path = ROOT / "node_modules", target: Path = VENDOR) -> list[str]:
    """Replace `target` by fresh copies; the names of what `modules` lacks."""
    missing = [name for name in FILES if not (modules / name).is_file()]
    if missing:
        return missing
    shutil.rmtree(target, ignore_errors=True)
    for name, place in FILES.items():
        into = target / place
        into.parent.mkdir(parents=True, exist_ok=True)
        content = (modules / name).read_bytes()
        if into.suffix in {".css", ".js"}:
            # Source maps are not copied; a browser's tools would look for them in vain.
            lines = [line for line in content.splitlines() if b"# sourceMappingURL=" not in line]
            content = b"\n".join(lines) + b"\n"
            into.with_name(into.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))
        into.write_bytes(content)
    return []


if __name__ == "__main__":
    if lacking := copy():
        sys.exit(f"node_modules lacks {', '.join(lacking)}: run npm ci first")
