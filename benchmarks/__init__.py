"""`make bench`: how fast, how large, beside baselines measured in the same run. Needs nothing but the repository."""
