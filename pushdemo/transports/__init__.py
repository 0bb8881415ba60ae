"""The five techniques, one lesson each: `routes(feed, settings)`; and publishing by POST, which three of them share."""
