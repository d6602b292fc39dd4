"""`make bench`: what the program costs beside what people would pick instead, as ratios of things run in turn."""
