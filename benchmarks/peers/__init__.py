"""The servers that pushdemo's fan-out is measured beside: the floor in Python, Node, and nginx with nchan."""
