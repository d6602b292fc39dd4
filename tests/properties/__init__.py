"""What holds for any mail, over the whole way from its bytes to a page."""
