"""The archive for a machine without internet."""
