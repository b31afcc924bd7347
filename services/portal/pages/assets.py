"""Style sheet, scripts and images: compressed once, under names with a digest, so that browsers keep them for ever."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

FOLDER = Path(__file__).parents[1] / "static"
PREFIX = "/aset/"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
_DIGEST = 10  # hexadecimal digits
_KEPT = "public, max-age=31536000, immutable"
_NOT_FOUND = 404


@dataclass(frozen=True)
class Asset:
    """path: with the digest; zipped: by gzip, None if that is not shorter."""

    path: str
    media_type: str
    plain: bytes
    zipped: bytes | None


STYLE_SHEET = "satu.css"
"""All style sheets in one: this file first, then the others by name, one for each package of the portal."""


class Assets:
    """The files of a folder."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Read and compress them."""
        files = sorted(each for each in folder.iterdir() if each.suffix in _TYPES)
        contents = {each: each.read_bytes() for each in files}
        sheets = sorted((each for each in files if each.suffix == ".css"), key=lambda each: each.name != STYLE_SHEET)
        if sheets:
            contents[sheets[0]] = b"\n".join(contents.pop(each) for each in sheets)
        self._sheets = {each.name for each in sheets}
        self._by_name: Mapping[str, Asset] = {file.name: _asset(file, plain) for file, plain in contents.items()}
        self._by_path = {each.path: each for each in self._by_name.values()}

    def path(self, name: str) -> str:
        """Where a file is; of any style sheet: of the one that has them all. Raises KeyError for one that does not
        exist."""
        return self._by_name[STYLE_SHEET if name in self._sheets else name].path

    def response(self, request: Request) -> Response | None:
        """The file of a path; None when there is none. A path with another digest (of another release) gets the file of
        today, which is not kept."""
        asset = self._by_path.get(request.url.path)
        kept = _KEPT
        if asset is None:
            asset, kept = self._of_other_release(request.url.path), "no-cache"
        if asset is None:
            return None
        headers = {"Cache-Control": kept, "Vary": "Accept-Encoding"}
        body = asset.plain
        if asset.zipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
            body, headers["Content-Encoding"] = asset.zipped, "gzip"
        return Response(body, media_type=asset.media_type, headers=headers)

    def _of_other_release(self, path: str) -> Asset | None:
        stem, _, ending = path.removeprefix(PREFIX).rpartition(".")
        return self._by_name.get(f"{stem.rpartition('.')[0]}.{ending}")


class ServeAssets:
    """ASGI: answers what is below PREFIX, and passes on everything else."""

    def __init__(self, app: ASGIApp, assets: Assets) -> None:
        self.app = app
        self.assets = assets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX) or scope["method"] not in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        answer = self.assets.response(Request(scope)) or Response("", _NOT_FOUND)
        await answer(scope, receive, send)


def _asset(file: Path, plain: bytes) -> Asset:
    digest = hashlib.sha256(plain).hexdigest()[:_DIGEST]
    zipped = gzip.compress(plain, compresslevel=9, mtime=0)
    path = f"{PREFIX}{file.stem}.{digest}{file.suffix}"
    return Asset(path, _TYPES[file.suffix], plain, zipped if len(zipped) < len(plain) else None)
