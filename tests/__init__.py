"""The tests of pushdemo."""
