"""Delivery: planning an issue for every chat (`publish`), and moving the plan on (`worker`, `policy`, `pacing`)."""
