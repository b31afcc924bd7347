"""The main navigation: which pages are linked at the top, by role."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from services.portal.pages.language import N_
from shared.auth.policy import Role


@dataclass(frozen=True)
class Link:
    """path: of a page; text: a message id; alone: it does not stand for the pages below its path, which have links of
    their own."""

    path: str
    text: str
    alone: bool = False

    def holds(self, path: str) -> bool:
        """Whether a page lies below this one, so that the link is marked as the present one."""
        return path == self.path or (not self.alone and self.path != "/" and path.startswith(f"{self.path}/"))


Navigation = Mapping[Role, tuple[Link, ...]]

NAVIGATION: Navigation = {
    Role.PUBLIC: (
        Link("/inovasi", N_("Katalog inovasi")),
        Link("/peringkat", N_("Peringkat")),
        Link("/kinerja", N_("Kinerja")),
        Link("/data", N_("Data terbuka")),
        Link("/ide", N_("Usulkan ide")),
    ),
    Role.AGENCY: (
        Link("/opd", N_("Tugas"), alone=True),
        Link("/opd/inovasi", N_("Inovasi kami")),
        Link("/opd/pemberitahuan", N_("Pemberitahuan")),
        Link("/opd/kontak", N_("Kontak")),
        Link("/inovasi", N_("Katalog")),
    ),
    Role.CURATOR: (
        Link("/kurator", N_("Beranda"), alone=True),
        Link("/kurator/antrean", N_("Antrean")),
        Link("/kurator/inovasi", N_("Inovasi")),
        Link("/kurator/kepatuhan", N_("Kepatuhan")),
        Link("/kurator/indeks", N_("Indeks")),
        Link("/kurator/peringkat", N_("Peringkat")),
        Link("/kurator/tahapan", N_("Tahapan")),
        Link("/kurator/kantor", N_("Kantor")),
    ),
    Role.EXECUTIVE: (
        Link("/pimpinan", N_("Ringkasan")),
        Link("/peringkat", N_("Peringkat")),
        Link("/inovasi", N_("Katalog")),
    ),
    Role.OPERATOR: (Link("/operator", N_("Pengelolaan")),),
}


def existing(navigation: Navigation, paths: Collection[str]) -> Navigation:
    """Only links to pages that exist."""
    return {role: tuple(each for each in links if each.path in paths) for role, links in navigation.items()}
