"""The planning offices of the seeds: Kubu Raya, Banjar, Pontianak, Penajam Paser Utara. All data are synthetic."""
