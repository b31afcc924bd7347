"""Makes proposals from a seed: originals, edited copies of them, and others about the same matter."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from services.registry.innovation.likeness.content import Content
from services.registry.innovation.profile import Profile
from tests.support.registry_samples import valid_profile

TOPICS = [
    (affair, name, text.split())
    for affair, name, text in (
        line.split("|") for line in Path(__file__).with_name("topics.txt").read_text(encoding="utf-8").splitlines()
    )
]

_PATTERNS = (
    "Petugas {0} mencatat {1} dan {2} pada setiap kunjungan agar {3} tidak terlewat.",
    "Sebelum inovasi ini, {0} harus menunggu {1} sampai {2} tersedia di tempat lain.",
    "Warga melaporkan {0} melalui {1}, lalu {2} ditindaklanjuti bersama {3}.",
    "Tim menyusun {0} berdasarkan {1} sehingga {2} dapat dipantau setiap minggu.",
    "Kebaharuannya terletak pada {0} yang digabungkan dengan {1} dan {2}.",
    "Setiap bulan {0} dibahas dengan {1} untuk memperbaiki {2} serta {3}.",
    "Bila {0} terlambat, {1} memberi tahu {2} pada hari yang sama.",
    "Hasil {0} dibandingkan dengan {1} tahun sebelumnya, terutama {2}.",
    "Biaya {0} ditekan dengan memakai {1} yang sudah ada di {2}.",
    "Pelatihan {0} diberikan kepada {1} agar {2} berjalan tanpa pendamping.",
)
_LAW = (
    "Dasar hukum inovasi ini adalah Undang-Undang Nomor 23 Tahun 2014 pasal 386 sampai dengan pasal 390 beserta "
    "Peraturan Pemerintah Nomor 38 Tahun 2017 tentang Inovasi Daerah. Isu strategis global adalah kelembagaan yang "
    "tangguh, isu nasional reformasi birokrasi, dan isu lokal jarak serta biaya perjalanan. "
)
_TWINS = {
    "petugas": "staf",
    "warga": "masyarakat",
    "tim": "kelompok",
    "setiap": "tiap",
    "agar": "supaya",
    "bila": "jika",
}


def proposal(random: Random, topic: int, name: str | None = None) -> dict[str, Any]:
    """A profile about that topic, of some 550 words."""
    _, official, words = TOPICS[topic % len(TOPICS)]
    sentences = [random.choice(_PATTERNS).format(*random.sample(words, 4)) for _ in range(50)]
    short = "".join(random.choice("BDGKLMNPRST") + random.choice("AEIOU") for _ in range(3))
    return valid_profile(
        name=name
        or random.choice((f"{short} ({official} {random.choice(words).title()})", f"{official} {short.title()}")),
        design=_LAW + " ".join(sentences),
        purpose=" ".join(random.choice(_PATTERNS).format(*random.sample(words, 4)) for _ in range(2)),
        benefit=random.choice(_PATTERNS).format(*random.sample(words, 4)),
        outcome=random.choice(_PATTERNS).format(*random.sample(words, 4)),
    )


def copied(random: Random, original: dict[str, Any]) -> dict[str, Any]:
    """The same innovation, handed in again: sentences left out, added and turned round, words replaced, the name
    changed a little."""
    sentences = [each for each in original["design"].split(". ") if random.random() > 0.25]
    random.shuffle(sentences)
    edited = ". ".join(" ".join(_TWINS.get(word.casefold(), word) for word in each.split()) for each in sentences)
    name = str(original["name"])
    changed = (f"{name} 2.0", f"{name} Tahun 2027", name.upper(), name.partition(" (")[0], f"Inovasi {name}")
    return {**original, "name": random.choice(changed), "design": edited}


def content(profile: dict[str, Any]) -> Content:
    """What of it is compared."""
    return Content.of(Profile.model_validate(profile))
