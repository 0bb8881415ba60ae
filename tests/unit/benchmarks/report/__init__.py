"""Tests of the report: arithmetic, sentences and pages from results that were made up."""
