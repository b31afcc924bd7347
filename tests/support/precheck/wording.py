"""The words that synthetic letters are made of. Names of innovations and places are public; all else is invented."""

from __future__ import annotations

PLACES = ("Kubu Raya", "Pontianak", "Penajam Paser Utara", "Banjar")
SEATS = {
    "Kubu Raya": "Sungai Raya",
    "Pontianak": "Pontianak",
    "Penajam Paser Utara": "Penajam",
    "Banjar": "Martapura",
}
OFFICES = (
    *("Dinas Kesehatan", "Dinas Sosial", "Dinas Perikanan", "Dinas Perpustakaan dan Kearsipan", "Dinas Perhubungan"),
    *("Badan Perencanaan Pembangunan, Penelitian dan Pengembangan Daerah", "Kecamatan Batu Ampar", "RSUD"),
)
TITLES = (
    *("Sinergi Kreasi", "GESTUR", "Halobupwabup", "Berjumpa", "Adu KPM", "Bumi Bahari", "E-Kerje KKR", "Batu Gasing"),
    *("TERASA", "PEMANIS", "Teman Bapperida", "ANAKKU DISAPA", "PECI HAJI", "Baca Meter Mandiri", "Klinik Inovasi"),
    "Layanan Antar Dokumen",
    "Layanan Antar Obat Pasien Lanjut Usia",
    "SPIRIT (Sistem Pemantauan Inovasi Terpadu)",
    "SIGAP - Sistem Informasi Gawat Darurat Pesisir",
    "Rumah Data Desa",
    "Posyandu Keliling Sungai",
    "Sekolah Sungai untuk Anak Pesisir",
    "JEMPOL (Jemput Bola Pelayanan Administrasi Kependudukan)",
)
SUBJECTS = (
    "Penetapan Tim Pelaksana Inovasi Daerah {title}",
    "Pembentukan Tim Pengelola {title} pada {office}",
    "Pedoman Pelaksanaan {title}",
    "Penetapan Pelaksana dan Uraian Tugas Inovasi {title} Tahun {year}",
    "Undangan Bimbingan Teknis {title}",
    "Penunjukan Narasumber dan Peserta Bimbingan Teknis Inovasi",
    "Laporan Hasil Pemantauan dan Evaluasi {title}",
    "Permohonan Replikasi Inovasi {title} oleh Kabupaten Lain",
    "Penetapan Inovasi Daerah Kabupaten",
    "Standar Operasional Prosedur Pelayanan {title}",
)
OTHER_SUBJECTS = (
    "Pengangkatan Bendahara Pengeluaran Pembantu",
    "Penetapan Jam Kerja Pegawai pada Bulan Ramadan",
    "Undangan Rapat Koordinasi Pengadaan Barang dan Jasa",
    "Penghapusan Barang Milik Daerah Berupa Kendaraan Dinas",
    "Pemberian Cuti Tahunan kepada Pegawai Negeri Sipil",
    "Laporan Persediaan Alat Tulis Kantor Semester Pertama",
)
LAWS = (
    "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah",
    "Undang-Undang Nomor 30 Tahun 2014 tentang Administrasi Pemerintahan",
    "Peraturan Pemerintah Nomor 38 Tahun 2017 tentang Inovasi Daerah (Lembaran Negara Tahun 2017 Nomor 206)",
    "Peraturan Menteri Dalam Negeri Nomor 104 Tahun 2018 tentang Penilaian dan Pemberian Penghargaan Inovasi Daerah",
    "Peraturan Bupati Nomor 9 Tahun 2025 tentang Penyelenggaraan Inovasi Daerah",
    "Keputusan Bupati Nomor 188.45/77/HUK/2025 tanggal 5 Mei 2025 tentang Pembentukan Tim Koordinasi",
)
BODY = (
    "bahwa dalam rangka meningkatkan mutu pelayanan kepada masyarakat perlu dilakukan pembaharuan yang terukur",
    "bahwa berdasarkan pertimbangan sebagaimana dimaksud pada huruf a perlu ditetapkan dengan keputusan",
    "segala biaya yang timbul dibebankan pada Dokumen Pelaksanaan Anggaran perangkat daerah",
    "keputusan ini mulai berlaku pada tanggal ditetapkan dengan ketentuan apabila terdapat kekeliruan akan diperbaiki",
    "melaksanakan tugas dengan penuh tanggung jawab serta melaporkan hasilnya secara berkala kepada atasan",
    "peserta diharapkan hadir tepat waktu dan membawa perlengkapan yang diperlukan selama kegiatan berlangsung",
    "hasil pengukuran menunjukkan waktu layanan menjadi lebih singkat dibandingkan dengan tahun sebelumnya",
)
NUMBERS = (
    "188.45/{n}/HUK/{year}",
    "{n}/{unit}/{year}",
    "400.{k}/{n}/{unit}/{year}",
    "000.9.{k}/{n}/{unit}-{m}/{year}",
    "B-{n}/{unit}/{roman}/{year}",
    "{n} Tahun {year}",
    "800/{n}-{unit}/{year}",
)
UNITS = ("DINKES", "DINSOS", "BAPPEDALITBANG", "DISKAN", "KEC-BA", "RSUD", "ORG")
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
