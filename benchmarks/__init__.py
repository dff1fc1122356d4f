"""What the bot costs, as ratios to a bare baseline that is measured in the same run: `python -m benchmarks`."""
