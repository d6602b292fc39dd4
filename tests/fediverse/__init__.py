"""What is published, told to the fediverse: a wall, and a small server of ours that speaks Mastodon's API."""
